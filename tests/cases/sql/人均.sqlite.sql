-- 培训：SQLite 语句，由 perfdsl 按规则写出
-- 表 完成值 一行一个对象；表名、列名不同时只改“数据”这一步
-- 数据：读哪些列；核对：有没有用不上的值；整数：换成整数；以后各步依次是情形（第几支）、得分、分组、总分
-- 分数都以 1/100 分为 1，比较和除法都只用整数；有无：0 缺 1 数 2 词 3 不适用；未定：1 还没有得分
WITH "数据" AS MATERIALIZED (
  SELECT
    t."对象" AS "对象",
    t."培训费" AS "培训费",  -- 单位：元，最多4位小数
    t."参训人数" AS "参训人数",  -- 单位：人，整数
    t."上年培训费" AS "上年培训费"  -- 单位：元，最多4位小数
  FROM "完成值" t
),
"核对" AS MATERIALIZED (
  SELECT
    "数据".*,
    CASE WHEN "培训费" IS NULL THEN 1 WHEN TYPEOF("培训费") NOT IN ('integer', 'real') THEN 0 WHEN "培训费" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("培训费" * 10000) / 10000.0) <> "培训费" THEN 0 ELSE 1 END AS "培训费_可用",
    CASE WHEN "参训人数" IS NULL THEN 1 WHEN TYPEOF("参训人数") NOT IN ('integer', 'real') THEN 0 WHEN "参训人数" NOT BETWEEN 1 AND 100000000 THEN 0 WHEN (ROUND("参训人数" * 1) / 1.0) <> "参训人数" THEN 0 ELSE 1 END AS "参训人数_可用",
    CASE WHEN "上年培训费" IS NULL THEN 1 WHEN TYPEOF("上年培训费") NOT IN ('integer', 'real') THEN 0 WHEN "上年培训费" NOT BETWEEN 1.0000 AND 10000.0000 THEN 0 WHEN (ROUND("上年培训费" * 10000) / 10000.0) <> "上年培训费" THEN 0 ELSE 1 END AS "上年培训费_可用"
  FROM "数据"
),
"整数" AS MATERIALIZED (
  SELECT
    "对象",
    -- 用不上的列：位数太多、超出范围、规则没有列出的词；有则这一行不给分
    NULLIF(
      CASE WHEN "培训费_可用" = 0 THEN '培训费；' ELSE '' END ||
      CASE WHEN "参训人数_可用" = 0 THEN '参训人数；' ELSE '' END ||
      CASE WHEN "上年培训费_可用" = 0 THEN '上年培训费；' ELSE '' END
    , '') AS "问题",
    CASE WHEN "培训费_可用" = 1 AND "培训费" IS NOT NULL THEN CAST(ROUND("培训费" * 10000) AS INTEGER) ELSE 0 END AS "培训费_整数",  -- 1 即 0.0001元
    CASE WHEN "培训费_可用" = 1 AND "培训费" IS NOT NULL THEN 1 ELSE 0 END AS "培训费_有无",
    CASE WHEN "参训人数_可用" = 1 AND "参训人数" IS NOT NULL THEN CAST(ROUND("参训人数" * 1) AS INTEGER) ELSE 0 END AS "参训人数_整数",  -- 1 即 1人
    CASE WHEN "参训人数_可用" = 1 AND "参训人数" IS NOT NULL THEN 1 ELSE 0 END AS "参训人数_有无",
    CASE WHEN "上年培训费_可用" = 1 AND "上年培训费" IS NOT NULL THEN CAST(ROUND("上年培训费" * 10000) AS INTEGER) ELSE 0 END AS "上年培训费_整数",  -- 1 即 0.0001元
    CASE WHEN "上年培训费_可用" = 1 AND "上年培训费" IS NOT NULL THEN 1 ELSE 0 END AS "上年培训费_有无"
  FROM "核对"
),
"第1步" AS MATERIALIZED (
  SELECT
    "整数".*,
    CASE WHEN "培训费_整数" <= MAX("参训人数_整数" * 10000, 1) * 550 OR ("培训费_整数" > MAX("参训人数_整数" * 10000, 1) * 550 AND "培训费_整数" <> 0) THEN 1 ELSE 0 END AS "人均培训费_中间数",
    CASE WHEN "培训费_整数" <= MAX("参训人数_整数" * 10000, 1) * 550 THEN 1 ELSE MAX("培训费_整数", 1) END AS "人均培训费_2_中间数",
    CASE WHEN "培训费_整数" <= MAX("参训人数_整数" * 10000, 1) * 550 THEN 1 ELSE MAX("参训人数_整数" * 10000, 1) * 550 END AS "人均培训费_3_中间数",
    CASE
      WHEN "参训人数_有无" = 0 AND "培训费_有无" = 0 THEN '缺完成值'
      WHEN "参训人数_有无" = 0 AND "培训费_有无" = 1 THEN '缺完成值'
      WHEN "参训人数_有无" = 1 AND "培训费_有无" = 0 THEN '缺完成值'
      WHEN "培训费_整数" <= MAX("参训人数_整数" * 10000, 1) * 550 AND CASE WHEN MAX("参训人数_整数" * 10000, 1) * 550 <= "培训费_整数" THEN 0 ELSE (MAX("参训人数_整数" * 10000, 1) * 550) - "培训费_整数" END > (CASE WHEN MAX("参训人数_整数" * 10000, 1) * 550 <= "培训费_整数" THEN 1 ELSE MAX("参训人数_整数" * 10000, 1) END) * 165 THEN '超额'
      WHEN "培训费_整数" <= MAX("参训人数_整数" * 10000, 1) * 550 THEN '达标'
      ELSE '未达标'
    END AS "人均培训费_评定",
    CASE WHEN (MAX("上年培训费_整数" * 10000, 1) * 3) + ("培训费_整数" * 1000000) <= "上年培训费_整数" * 1000000 THEN 1 ELSE 0 END AS "费用压减率_中间数",
    CASE WHEN "上年培训费_整数" * 1000000 <= ("培训费_整数" * 1000000) + (MAX("上年培训费_整数" * 10000, 1) * 3) THEN 1 ELSE 0 END AS "费用压减率_3_中间数"
  FROM "整数"
),
"第2步" AS MATERIALIZED (
  SELECT
    "第1步".*,
    CASE WHEN ("人均培训费_中间数" = 1 AND "人均培训费_2_中间数" <= "人均培训费_3_中间数") OR ("人均培训费_中间数" = 1 AND "人均培训费_2_中间数" > "人均培训费_3_中间数") THEN 1 ELSE 0 END AS "人均培训费_4_中间数",
    CASE WHEN ("培训费_整数" <= "上年培训费_整数" AND "费用压减率_中间数" = 1) OR ("培训费_整数" <= "上年培训费_整数" AND NOT ("费用压减率_中间数" = 1)) THEN 1 ELSE 0 END AS "费用压减率_2_中间数",
    (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) * 2 AS "费用压减率_4_中间数"
  FROM "第1步"
),
"第3步" AS MATERIALIZED (
  SELECT
    "第2步".*,
    -- 成本/人均培训费：≤550元/人，20分
    CASE
      WHEN ("参训人数_有无" = 0 AND "培训费_有无" = 0) OR ("参训人数_有无" = 0 AND "培训费_有无" = 1) OR ("参训人数_有无" = 1 AND "培训费_有无" = 0) THEN 1  -- 还定不了
      WHEN "人均培训费_中间数" = 1 AND "人均培训费_2_中间数" <= "人均培训费_3_中间数" THEN 2  -- 第1条：完成率 >= 100％，得 100％
      WHEN "人均培训费_4_中间数" = 1 AND "人均培训费_中间数" = 1 THEN 3  -- 第2条：其余，得 完成率
      WHEN "人均培训费_4_中间数" = 1 THEN 4  -- 第2条：其余，得 完成率（算不出）
      ELSE 5  -- 还定不了
    END AS "人均培训费_第几支",
    -- 成本/费用压减率：≥3％，20分
    CASE
      WHEN ("上年培训费_有无" = 0 AND "培训费_有无" = 0) OR ("上年培训费_有无" = 0 AND "培训费_有无" = 1) OR ("上年培训费_有无" = 1 AND "培训费_有无" = 0) THEN 1  -- 还定不了
      WHEN "培训费_整数" <= "上年培训费_整数" AND "费用压减率_中间数" = 1 THEN 2  -- 第1条：达标，得 20
      WHEN "费用压减率_2_中间数" = 1 AND "培训费_整数" <= "上年培训费_整数" THEN 3  -- 第2条：其余，得 min(完成率, 100％) ＊ 20
      WHEN "费用压减率_2_中间数" = 1 AND "培训费_整数" <= "上年培训费_整数" THEN 4  -- 第2条：其余，得 min(完成率, 100％) ＊ 20（算不出）
      ELSE 5  -- 还定不了
    END AS "费用压减率_第几支",
    CASE
      WHEN "上年培训费_有无" = 0 AND "培训费_有无" = 0 THEN '缺完成值'
      WHEN "上年培训费_有无" = 0 AND "培训费_有无" = 1 THEN '缺完成值'
      WHEN "上年培训费_有无" = 1 AND "培训费_有无" = 0 THEN '缺完成值'
      WHEN "培训费_整数" > "上年培训费_整数" THEN '缺完成值'
      WHEN NOT ("费用压减率_2_中间数" = 1) THEN '未判定'
      WHEN "培训费_整数" <= "上年培训费_整数" AND "费用压减率_中间数" = 1 AND (CASE WHEN "费用压减率_3_中间数" = 1 THEN 0 ELSE ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) - (MAX("上年培训费_整数" * 10000, 1) * 3) END) * 1000 > (CASE WHEN "费用压减率_3_中间数" = 1 THEN 1 ELSE MAX("上年培训费_整数" * 10000, 1) * 100 END) * 9 THEN '超额'
      WHEN "培训费_整数" <= "上年培训费_整数" AND "费用压减率_中间数" = 1 THEN '达标'
      ELSE '未达标'
    END AS "费用压减率_评定"
  FROM "第2步"
),
"第4步" AS MATERIALIZED (
  SELECT
    "第3步".*,
    CAST(CASE WHEN "人均培训费_第几支" = 2 THEN 2000 WHEN "人均培训费_第几支" = 3 THEN MIN(((("人均培训费_3_中间数" * 4000) + "人均培训费_2_中间数") / ("人均培训费_2_中间数" * 2)), 2000) ELSE 0 END AS INTEGER) AS "人均培训费_低分",
    CAST(CASE WHEN "人均培训费_第几支" = 3 THEN MIN(((("人均培训费_3_中间数" * 4000) + "人均培训费_2_中间数") / ("人均培训费_2_中间数" * 2)), 2000) ELSE 2000 END AS INTEGER) AS "人均培训费_高分",
    CASE WHEN "人均培训费_第几支" IN (2, 3) THEN 0 ELSE 1 END AS "人均培训费_未定",
    CASE WHEN "人均培训费_第几支" = 2 THEN 1 WHEN "人均培训费_第几支" IN (3, 4) THEN 2 ELSE 0 END AS "人均培训费_条",
    CAST(CASE WHEN "费用压减率_第几支" = 2 THEN 2000 WHEN "费用压减率_第几支" = 3 THEN MIN(MAX(CASE WHEN CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END >= 0 THEN CASE WHEN (((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END)) >= 0 THEN ((((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END)) / "费用压减率_4_中间数") ELSE (-1) * (("费用压减率_4_中间数" - 1 - (((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END))) / "费用压减率_4_中间数") END ELSE (CASE WHEN ((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000)) >= 0 THEN (((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000)) / "费用压减率_4_中间数") ELSE (-1) * (("费用压减率_4_中间数" - 1 - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000))) / "费用压减率_4_中间数") END) * (-1) END, 0), 2000) ELSE 0 END AS INTEGER) AS "费用压减率_低分",
    CAST(CASE WHEN "费用压减率_第几支" = 3 THEN MIN(MAX(CASE WHEN CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END >= 0 THEN CASE WHEN (((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END)) >= 0 THEN ((((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END)) / "费用压减率_4_中间数") ELSE (-1) * (("费用压减率_4_中间数" - 1 - (((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000) + (CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END))) / "费用压减率_4_中间数") END ELSE (CASE WHEN ((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000)) >= 0 THEN (((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000)) / "费用压减率_4_中间数") ELSE (-1) * (("费用压减率_4_中间数" - 1 - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN MAX("上年培训费_整数" * 10000, 1) * 3 ELSE 1 END) - ((CASE WHEN "费用压减率_3_中间数" = 1 THEN ("上年培训费_整数" * 1000000) - ("培训费_整数" * 1000000) ELSE 1 END) * 4000))) / "费用压减率_4_中间数") END) * (-1) END, 0), 2000) ELSE 2000 END AS INTEGER) AS "费用压减率_高分",
    CASE WHEN "费用压减率_第几支" IN (2, 3) THEN 0 ELSE 1 END AS "费用压减率_未定",
    CASE WHEN "费用压减率_第几支" = 2 THEN 1 WHEN "费用压减率_第几支" IN (3, 4) THEN 2 ELSE 0 END AS "费用压减率_条"
  FROM "第3步"
),
"第5步" AS MATERIALIZED (
  SELECT
    "第4步".*,
    -- 成本
    "人均培训费_低分" + "费用压减率_低分" AS "成本_低分",
    "人均培训费_高分" + "费用压减率_高分" AS "成本_高分",
    CASE WHEN "人均培训费_未定" = 1 OR "费用压减率_未定" = 1 THEN 1 ELSE 0 END AS "成本_未定"
  FROM "第4步"
),
"第6步" AS MATERIALIZED (
  SELECT
    "第5步".*,
    -- 合计
    "成本_低分" AS "合计_低分",
    "成本_高分" AS "合计_高分",
    CASE WHEN "成本_未定" = 1 THEN 1 ELSE 0 END AS "合计_未定"
  FROM "第5步"
),
"第7步" AS MATERIALIZED (
  SELECT
    "第6步".*,
    "合计_低分" AS "总分_低分",
    "合计_高分" AS "总分_高分",
    CASE WHEN "合计_未定" = 1 THEN 1 ELSE 0 END AS "总分_未定",
    CASE WHEN "合计_未定" = 0 THEN 1 ELSE 0 END AS "总分_完整",
    CAST(CASE WHEN "合计_未定" = 1 THEN 0 ELSE CASE WHEN "合计_低分" >= 3600 THEN 1 ELSE CASE WHEN "合计_低分" >= 3200 THEN 2 ELSE CASE WHEN "合计_低分" >= 2400 THEN 3 ELSE 4 END END END END AS INTEGER) AS "总分_等级号"
  FROM "第6步"
)
  SELECT
    "对象",
    "问题",
    CASE WHEN "问题" IS NULL AND "人均培训费_未定" = 0 THEN "人均培训费_低分" / 100.0 END AS "人均培训费_得分",
    CASE WHEN "问题" IS NULL THEN "人均培训费_条" END AS "人均培训费_情形",
    CASE WHEN "问题" IS NULL THEN "人均培训费_评定" END AS "人均培训费_状态",
    CASE WHEN "问题" IS NULL AND "费用压减率_未定" = 0 THEN "费用压减率_低分" / 100.0 END AS "费用压减率_得分",
    CASE WHEN "问题" IS NULL THEN "费用压减率_条" END AS "费用压减率_情形",
    CASE WHEN "问题" IS NULL THEN "费用压减率_评定" END AS "费用压减率_状态",
    CASE WHEN "问题" IS NULL AND "成本_未定" = 0 THEN "成本_低分" / 100.0 END AS "成本_得分",
    CASE WHEN "问题" IS NULL THEN "成本_低分" / 100.0 END AS "成本_最低",
    CASE WHEN "问题" IS NULL THEN "成本_高分" / 100.0 END AS "成本_最高",
    CASE WHEN "问题" IS NULL AND "总分_未定" = 0 THEN "总分_低分" / 100.0 END AS "总分",
    CASE WHEN "问题" IS NULL THEN "总分_低分" / 100.0 END AS "最低可能",
    CASE WHEN "问题" IS NULL THEN "总分_高分" / 100.0 END AS "最高可能",
    CASE WHEN "问题" IS NULL THEN "总分_完整" END AS "完整",
    CASE WHEN "问题" IS NULL THEN CASE "总分_等级号" WHEN 1 THEN '优' WHEN 2 THEN '良' WHEN 3 THEN '中' WHEN 4 THEN '差' END END AS "等级"
  FROM "第7步";
