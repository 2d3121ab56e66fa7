-- 培训：MySQL 8 语句，由 perfdsl 按规则写出
-- 表 完成值 一行一个对象；表名、列名不同时只改“数据”这一步
-- 数据：读哪些列；核对：有没有用不上的值；整数：换成整数；以后各步依次是情形（第几支）、得分、分组、总分
-- 分数都以 1/100 分为 1，比较和除法都只用整数；有无：0 缺 1 数 2 词 3 不适用；未定：1 还没有得分
WITH `数据` AS (
  SELECT
    t.`对象` AS `对象`,
    t.`培训费` AS `培训费`,  -- 单位：元，最多4位小数
    t.`参训人数` AS `参训人数`,  -- 单位：人，整数
    t.`上年培训费` AS `上年培训费`  -- 单位：元，最多4位小数
  FROM `完成值` t
),
`核对` AS (
  SELECT /*+ NO_MERGE(`数据`) */
    `数据`.*,
    CASE WHEN `培训费` IS NULL THEN 1 WHEN `培训费` NOT REGEXP '^-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$' THEN 0 WHEN `培训费` NOT BETWEEN 0.0000 AND 10000000000.0000 THEN 0 WHEN CAST(`培训费` AS DECIMAL(20, 4)) <> `培训费` THEN 0 ELSE 1 END AS `培训费_可用`,
    CASE WHEN `参训人数` IS NULL THEN 1 WHEN `参训人数` NOT REGEXP '^-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$' THEN 0 WHEN `参训人数` NOT BETWEEN 1 AND 100000000000000 THEN 0 WHEN CAST(`参训人数` AS DECIMAL(16, 0)) <> `参训人数` THEN 0 ELSE 1 END AS `参训人数_可用`,
    CASE WHEN `上年培训费` IS NULL THEN 1 WHEN `上年培训费` NOT REGEXP '^-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$' THEN 0 WHEN `上年培训费` NOT BETWEEN 1.0000 AND 10000000000.0000 THEN 0 WHEN CAST(`上年培训费` AS DECIMAL(20, 4)) <> `上年培训费` THEN 0 ELSE 1 END AS `上年培训费_可用`
  FROM `数据`
),
`整数` AS (
  SELECT /*+ NO_MERGE(`核对`) */
    `对象`,
    -- 用不上的列：位数太多、超出范围、规则没有列出的词；有则这一行不给分
    NULLIF(CONCAT(
      CASE WHEN `培训费_可用` = 0 THEN '培训费；' ELSE '' END,
      CASE WHEN `参训人数_可用` = 0 THEN '参训人数；' ELSE '' END,
      CASE WHEN `上年培训费_可用` = 0 THEN '上年培训费；' ELSE '' END
    ), '') AS `问题`,
    CASE WHEN `培训费_可用` = 1 AND `培训费` IS NOT NULL THEN CAST(CAST(`培训费` AS DECIMAL(20, 4)) * 10000 AS SIGNED) ELSE 0 END AS `培训费_整数`,  -- 1 即 0.0001元
    CASE WHEN `培训费_可用` = 1 AND `培训费` IS NOT NULL THEN 1 ELSE 0 END AS `培训费_有无`,
    CASE WHEN `参训人数_可用` = 1 AND `参训人数` IS NOT NULL THEN CAST(CAST(`参训人数` AS DECIMAL(16, 0)) * 1 AS SIGNED) ELSE 0 END AS `参训人数_整数`,  -- 1 即 1人
    CASE WHEN `参训人数_可用` = 1 AND `参训人数` IS NOT NULL THEN 1 ELSE 0 END AS `参训人数_有无`,
    CASE WHEN `上年培训费_可用` = 1 AND `上年培训费` IS NOT NULL THEN CAST(CAST(`上年培训费` AS DECIMAL(20, 4)) * 10000 AS SIGNED) ELSE 0 END AS `上年培训费_整数`,  -- 1 即 0.0001元
    CASE WHEN `上年培训费_可用` = 1 AND `上年培训费` IS NOT NULL THEN 1 ELSE 0 END AS `上年培训费_有无`
  FROM `核对`
),
`第1步` AS (
  SELECT /*+ NO_MERGE(`整数`) */
    `整数`.*,
    CASE WHEN CAST(`培训费_整数` AS DECIMAL(65,0)) <= GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 OR (CAST(`培训费_整数` AS DECIMAL(65,0)) > GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 AND `培训费_整数` <> 0) THEN 1 ELSE 0 END AS `人均培训费_中间数`,
    CAST(CASE WHEN CAST(`培训费_整数` AS DECIMAL(65,0)) <= GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 THEN 1 ELSE GREATEST(CAST(`培训费_整数` AS DECIMAL(65,0)), 1) END AS SIGNED) AS `人均培训费_2_中间数`,
    CASE WHEN CAST(`培训费_整数` AS DECIMAL(65,0)) <= GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 THEN 1 ELSE GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 END AS `人均培训费_3_中间数`,
    CASE
      WHEN `参训人数_有无` = 0 AND `培训费_有无` = 0 THEN '缺完成值'
      WHEN `参训人数_有无` = 0 AND `培训费_有无` = 1 THEN '缺完成值'
      WHEN `参训人数_有无` = 1 AND `培训费_有无` = 0 THEN '缺完成值'
      WHEN CAST(`培训费_整数` AS DECIMAL(65,0)) <= GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 AND CASE WHEN GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 <= CAST(`培训费_整数` AS DECIMAL(65,0)) THEN 0 ELSE (GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550) - CAST(`培训费_整数` AS DECIMAL(65,0)) END > (CASE WHEN GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 <= CAST(`培训费_整数` AS DECIMAL(65,0)) THEN 1 ELSE GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) END) * 165 THEN '超额'
      WHEN CAST(`培训费_整数` AS DECIMAL(65,0)) <= GREATEST(CAST(`参训人数_整数` AS DECIMAL(65,0)) * 10000, 1) * 550 THEN '达标'
      ELSE '未达标'
    END AS `人均培训费_评定`,
    CASE WHEN (GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3) + (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) <= CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000 THEN 1 ELSE 0 END AS `费用压减率_中间数`,
    CASE WHEN CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000 <= (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) + (GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3) THEN 1 ELSE 0 END AS `费用压减率_3_中间数`
  FROM `整数`
),
`第2步` AS (
  SELECT /*+ NO_MERGE(`第1步`) */
    `第1步`.*,
    CASE WHEN (`人均培训费_中间数` = 1 AND CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) <= `人均培训费_3_中间数`) OR (`人均培训费_中间数` = 1 AND CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) > `人均培训费_3_中间数`) THEN 1 ELSE 0 END AS `人均培训费_4_中间数`,
    CASE WHEN (`培训费_整数` <= `上年培训费_整数` AND `费用压减率_中间数` = 1) OR (`培训费_整数` <= `上年培训费_整数` AND NOT (`费用压减率_中间数` = 1)) THEN 1 ELSE 0 END AS `费用压减率_2_中间数`,
    (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) * 2 AS `费用压减率_4_中间数`
  FROM `第1步`
),
`第3步` AS (
  SELECT /*+ NO_MERGE(`第2步`) */
    `第2步`.*,
    -- 成本/人均培训费：≤550元/人，20分
    CASE
      WHEN (`参训人数_有无` = 0 AND `培训费_有无` = 0) OR (`参训人数_有无` = 0 AND `培训费_有无` = 1) OR (`参训人数_有无` = 1 AND `培训费_有无` = 0) THEN 1  -- 还定不了
      WHEN `人均培训费_中间数` = 1 AND CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) <= `人均培训费_3_中间数` THEN 2  -- 第1条：完成率 >= 100％，得 100％
      WHEN `人均培训费_4_中间数` = 1 AND `人均培训费_中间数` = 1 THEN 3  -- 第2条：其余，得 完成率
      WHEN `人均培训费_4_中间数` = 1 THEN 4  -- 第2条：其余，得 完成率（算不出）
      ELSE 5  -- 还定不了
    END AS `人均培训费_第几支`,
    -- 成本/费用压减率：≥3％，20分
    CASE
      WHEN (`上年培训费_有无` = 0 AND `培训费_有无` = 0) OR (`上年培训费_有无` = 0 AND `培训费_有无` = 1) OR (`上年培训费_有无` = 1 AND `培训费_有无` = 0) THEN 1  -- 还定不了
      WHEN `培训费_整数` <= `上年培训费_整数` AND `费用压减率_中间数` = 1 THEN 2  -- 第1条：达标，得 20
      WHEN `费用压减率_2_中间数` = 1 AND `培训费_整数` <= `上年培训费_整数` THEN 3  -- 第2条：其余，得 min(完成率, 100％) ＊ 20
      WHEN `费用压减率_2_中间数` = 1 AND `培训费_整数` <= `上年培训费_整数` THEN 4  -- 第2条：其余，得 min(完成率, 100％) ＊ 20（算不出）
      ELSE 5  -- 还定不了
    END AS `费用压减率_第几支`,
    CASE
      WHEN `上年培训费_有无` = 0 AND `培训费_有无` = 0 THEN '缺完成值'
      WHEN `上年培训费_有无` = 0 AND `培训费_有无` = 1 THEN '缺完成值'
      WHEN `上年培训费_有无` = 1 AND `培训费_有无` = 0 THEN '缺完成值'
      WHEN `培训费_整数` > `上年培训费_整数` THEN '缺完成值'
      WHEN NOT (`费用压减率_2_中间数` = 1) THEN '未判定'
      WHEN `培训费_整数` <= `上年培训费_整数` AND `费用压减率_中间数` = 1 AND (CASE WHEN `费用压减率_3_中间数` = 1 THEN 0 ELSE (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) - (GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3) END) * 1000 > (CASE WHEN `费用压减率_3_中间数` = 1 THEN 1 ELSE GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 100 END) * 9 THEN '超额'
      WHEN `培训费_整数` <= `上年培训费_整数` AND `费用压减率_中间数` = 1 THEN '达标'
      ELSE '未达标'
    END AS `费用压减率_评定`
  FROM `第2步`
),
`第4步` AS (
  SELECT /*+ NO_MERGE(`第3步`) */
    `第3步`.*,
    CAST(CASE WHEN `人均培训费_第几支` = 2 THEN 2000 WHEN `人均培训费_第几支` = 3 THEN CAST(LEAST(CASE WHEN (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2) * 2000 <= (`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) THEN 2000 ELSE CAST((((((`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0))) - MOD(((`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0))), (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2))) DIV (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2))) AS DECIMAL(65,0)) END, 2000) AS SIGNED) ELSE 0 END AS SIGNED) AS `人均培训费_低分`,
    CAST(CASE WHEN `人均培训费_第几支` = 3 THEN CAST(LEAST(CASE WHEN (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2) * 2000 <= (`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) THEN 2000 ELSE CAST((((((`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0))) - MOD(((`人均培训费_3_中间数` * 4000) + CAST(`人均培训费_2_中间数` AS DECIMAL(65,0))), (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2))) DIV (CAST(`人均培训费_2_中间数` AS DECIMAL(65,0)) * 2))) AS DECIMAL(65,0)) END, 2000) AS SIGNED) ELSE 2000 END AS SIGNED) AS `人均培训费_高分`,
    CASE WHEN `人均培训费_第几支` IN (2, 3) THEN 0 ELSE 1 END AS `人均培训费_未定`,
    CASE WHEN `人均培训费_第几支` = 2 THEN 1 WHEN `人均培训费_第几支` IN (3, 4) THEN 2 ELSE 0 END AS `人均培训费_条`,
    CAST(CASE WHEN `费用压减率_第几支` = 2 THEN 2000 WHEN `费用压减率_第几支` = 3 THEN CAST(LEAST(GREATEST(CASE WHEN CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END >= 0 THEN CASE WHEN `费用压减率_4_中间数` * 2000 <= ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) THEN 2000 WHEN `费用压减率_4_中间数` * 0 > ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) THEN 0 ELSE CASE WHEN (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)) >= 0 THEN CAST(((((((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)) - MOD((((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) ELSE (-1) * CAST(((((`费用压减率_4_中间数` - 1 - (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END))) - MOD((`费用压减率_4_中间数` - 1 - (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END))), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) END END ELSE (CASE WHEN `费用压减率_4_中间数` * 0 <= (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) THEN 0 WHEN `费用压减率_4_中间数` * (-2000) > (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) THEN -2000 ELSE CASE WHEN ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)) >= 0 THEN CAST((((((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)) - MOD(((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) ELSE (-1) * CAST(((((`费用压减率_4_中间数` - 1 - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000))) - MOD((`费用压减率_4_中间数` - 1 - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000))), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) END END) * (-1) END, 0), 2000) AS SIGNED) ELSE 0 END AS SIGNED) AS `费用压减率_低分`,
    CAST(CASE WHEN `费用压减率_第几支` = 3 THEN CAST(LEAST(GREATEST(CASE WHEN CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END >= 0 THEN CASE WHEN `费用压减率_4_中间数` * 2000 <= ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) THEN 2000 WHEN `费用压减率_4_中间数` * 0 > ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) THEN 0 ELSE CASE WHEN (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)) >= 0 THEN CAST(((((((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)) - MOD((((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END)), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) ELSE (-1) * CAST(((((`费用压减率_4_中间数` - 1 - (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END))) - MOD((`费用压减率_4_中间数` - 1 - (((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) + (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END))), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) END END ELSE (CASE WHEN `费用压减率_4_中间数` * 0 <= (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) THEN 0 WHEN `费用压减率_4_中间数` * (-2000) > (CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000) THEN -2000 ELSE CASE WHEN ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)) >= 0 THEN CAST((((((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)) - MOD(((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000)), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) ELSE (-1) * CAST(((((`费用压减率_4_中间数` - 1 - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000))) - MOD((`费用压减率_4_中间数` - 1 - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN GREATEST(CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN `费用压减率_3_中间数` = 1 THEN (CAST(`上年培训费_整数` AS DECIMAL(65,0)) * 1000000) - (CAST(`培训费_整数` AS DECIMAL(65,0)) * 1000000) ELSE 1 END) * 4000))), `费用压减率_4_中间数`)) DIV `费用压减率_4_中间数`)) AS DECIMAL(65,0)) END END) * (-1) END, 0), 2000) AS SIGNED) ELSE 2000 END AS SIGNED) AS `费用压减率_高分`,
    CASE WHEN `费用压减率_第几支` IN (2, 3) THEN 0 ELSE 1 END AS `费用压减率_未定`,
    CASE WHEN `费用压减率_第几支` = 2 THEN 1 WHEN `费用压减率_第几支` IN (3, 4) THEN 2 ELSE 0 END AS `费用压减率_条`
  FROM `第3步`
),
`第5步` AS (
  SELECT /*+ NO_MERGE(`第4步`) */
    `第4步`.*,
    -- 成本
    `人均培训费_低分` + `费用压减率_低分` AS `成本_低分`,
    `人均培训费_高分` + `费用压减率_高分` AS `成本_高分`,
    CASE WHEN `人均培训费_未定` = 1 OR `费用压减率_未定` = 1 THEN 1 ELSE 0 END AS `成本_未定`
  FROM `第4步`
),
`第6步` AS (
  SELECT /*+ NO_MERGE(`第5步`) */
    `第5步`.*,
    -- 合计
    `成本_低分` AS `合计_低分`,
    `成本_高分` AS `合计_高分`,
    CASE WHEN `成本_未定` = 1 THEN 1 ELSE 0 END AS `合计_未定`
  FROM `第5步`
),
`第7步` AS (
  SELECT /*+ NO_MERGE(`第6步`) */
    `第6步`.*,
    `合计_低分` AS `总分_低分`,
    `合计_高分` AS `总分_高分`,
    CASE WHEN `合计_未定` = 1 THEN 1 ELSE 0 END AS `总分_未定`,
    CASE WHEN `合计_未定` = 0 THEN 1 ELSE 0 END AS `总分_完整`,
    CAST(CASE WHEN `合计_未定` = 1 THEN 0 ELSE CASE WHEN `合计_低分` >= 3600 THEN 1 ELSE CASE WHEN `合计_低分` >= 3200 THEN 2 ELSE CASE WHEN `合计_低分` >= 2400 THEN 3 ELSE 4 END END END END AS SIGNED) AS `总分_等级号`
  FROM `第6步`
)
  SELECT /*+ NO_MERGE(`第7步`) */
    `对象`,
    `问题`,
    CASE WHEN `问题` IS NULL AND `人均培训费_未定` = 0 THEN `人均培训费_低分` * 0.01 END AS `人均培训费_得分`,
    CASE WHEN `问题` IS NULL THEN `人均培训费_条` END AS `人均培训费_情形`,
    CASE WHEN `问题` IS NULL THEN `人均培训费_评定` END AS `人均培训费_状态`,
    CASE WHEN `问题` IS NULL AND `费用压减率_未定` = 0 THEN `费用压减率_低分` * 0.01 END AS `费用压减率_得分`,
    CASE WHEN `问题` IS NULL THEN `费用压减率_条` END AS `费用压减率_情形`,
    CASE WHEN `问题` IS NULL THEN `费用压减率_评定` END AS `费用压减率_状态`,
    CASE WHEN `问题` IS NULL AND `成本_未定` = 0 THEN `成本_低分` * 0.01 END AS `成本_得分`,
    CASE WHEN `问题` IS NULL THEN `成本_低分` * 0.01 END AS `成本_最低`,
    CASE WHEN `问题` IS NULL THEN `成本_高分` * 0.01 END AS `成本_最高`,
    CASE WHEN `问题` IS NULL AND `总分_未定` = 0 THEN `总分_低分` * 0.01 END AS `总分`,
    CASE WHEN `问题` IS NULL THEN `总分_低分` * 0.01 END AS `最低可能`,
    CASE WHEN `问题` IS NULL THEN `总分_高分` * 0.01 END AS `最高可能`,
    CASE WHEN `问题` IS NULL THEN `总分_完整` END AS `完整`,
    CASE WHEN `问题` IS NULL THEN CASE `总分_等级号` WHEN 1 THEN '优' WHEN 2 THEN '良' WHEN 3 THEN '中' WHEN 4 THEN '差' END END AS `等级`
  FROM `第7步`;
