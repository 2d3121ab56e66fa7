-- 热线运行服务：SQLite 语句，由 perfdsl 按规则写出
-- 表 完成值 一行一个对象；表名、列名不同时只改“数据”这一步
-- 数据：读哪些列；核对：有没有用不上的值；整数：换成整数；以后各步依次是情形（第几支）、得分、分组、总分
-- 分数都以 1/100 分为 1，比较和除法都只用整数；有无：0 缺 1 数 2 词 3 不适用；未定：1 还没有得分
WITH "数据" AS MATERIALIZED (
  SELECT
    t."对象" AS "对象",
    t."工单办结率" AS "工单办结率",  -- 单位：％，最多4位小数
    t."坐席数量" AS "坐席数量",  -- 单位：席，最多4位小数
    t."系统升级" AS "系统升级",  -- 日期（DATE）
    t."来电增长" AS "来电增长",  -- 单位：％，最多4位小数
    t."来电增长.上年值" AS "来电增长_上年值",  -- 上年值，单位：％，最多4位小数
    RTRIM(REPLACE(REPLACE(t."知识库质量", ' ', ''), '　', ''), '。.') AS "知识库质量",  -- 文字
    t."知识库质量.评分" AS "知识库质量_评分",  -- 评分，分，0至10
    t."运行成本" AS "运行成本",  -- 单位：万元，最多4位小数
    t."市民满意度" AS "市民满意度",  -- 单位：％，最多4位小数
    t."违纪" AS "违纪"  -- 单位：起，最多4位小数
  FROM "完成值" t
),
"核对" AS MATERIALIZED (
  SELECT
    "数据".*,
    CASE WHEN "工单办结率" IS NULL THEN 1 WHEN TYPEOF("工单办结率") NOT IN ('integer', 'real') THEN 0 WHEN "工单办结率" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("工单办结率" * 10000) / 10000.0) <> "工单办结率" THEN 0 ELSE 1 END AS "工单办结率_可用",
    CASE WHEN "坐席数量" IS NULL THEN 1 WHEN TYPEOF("坐席数量") NOT IN ('integer', 'real') THEN 0 WHEN "坐席数量" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("坐席数量" * 10000) / 10000.0) <> "坐席数量" THEN 0 ELSE 1 END AS "坐席数量_可用",
    CASE WHEN "系统升级" IS NULL THEN 1 WHEN CAST(julianday(date("系统升级")) - 2451544.5 AS INTEGER) IS NULL THEN 0 WHEN (CAST(julianday(date("系统升级")) - 2451544.5 AS INTEGER) + 730120) NOT BETWEEN 1 AND 3652059 THEN 0 ELSE 1 END AS "系统升级_可用",
    CASE WHEN "来电增长" IS NULL THEN 1 WHEN TYPEOF("来电增长") NOT IN ('integer', 'real') THEN 0 WHEN "来电增长" NOT BETWEEN -10000.0000 AND 10000.0000 THEN 0 WHEN (ROUND("来电增长" * 10000) / 10000.0) <> "来电增长" THEN 0 ELSE 1 END AS "来电增长_可用",
    CASE WHEN "来电增长_上年值" IS NULL THEN 1 WHEN TYPEOF("来电增长_上年值") NOT IN ('integer', 'real') THEN 0 WHEN "来电增长_上年值" NOT BETWEEN -10000.0000 AND 10000.0000 THEN 0 WHEN (ROUND("来电增长_上年值" * 10000) / 10000.0) <> "来电增长_上年值" THEN 0 ELSE 1 END AS "来电增长_上年值_可用",
    CASE WHEN "知识库质量_评分" IS NULL THEN 1 WHEN TYPEOF("知识库质量_评分") NOT IN ('integer', 'real') THEN 0 WHEN "知识库质量_评分" NOT BETWEEN 0.0000 AND 10.0000 THEN 0 WHEN (ROUND("知识库质量_评分" * 10000) / 10000.0) <> "知识库质量_评分" THEN 0 ELSE 1 END AS "知识库质量_评分_可用",
    CASE WHEN "运行成本" IS NULL THEN 1 WHEN TYPEOF("运行成本") NOT IN ('integer', 'real') THEN 0 WHEN "运行成本" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("运行成本" * 10000) / 10000.0) <> "运行成本" THEN 0 ELSE 1 END AS "运行成本_可用",
    CASE WHEN "市民满意度" IS NULL THEN 1 WHEN TYPEOF("市民满意度") NOT IN ('integer', 'real') THEN 0 WHEN "市民满意度" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("市民满意度" * 10000) / 10000.0) <> "市民满意度" THEN 0 ELSE 1 END AS "市民满意度_可用",
    CASE WHEN "违纪" IS NULL THEN 1 WHEN TYPEOF("违纪") NOT IN ('integer', 'real') THEN 0 WHEN "违纪" NOT BETWEEN 0.0000 AND 10000.0000 THEN 0 WHEN (ROUND("违纪" * 10000) / 10000.0) <> "违纪" THEN 0 ELSE 1 END AS "违纪_可用"
  FROM "数据"
),
"整数" AS MATERIALIZED (
  SELECT
    "对象",
    -- 用不上的列：位数太多、超出范围、规则没有列出的词；有则这一行不给分
    NULLIF(
      CASE WHEN "工单办结率_可用" = 0 THEN '工单办结率；' ELSE '' END ||
      CASE WHEN "坐席数量_可用" = 0 THEN '坐席数量；' ELSE '' END ||
      CASE WHEN "系统升级_可用" = 0 THEN '系统升级；' ELSE '' END ||
      CASE WHEN "来电增长_可用" = 0 THEN '来电增长；' ELSE '' END ||
      CASE WHEN "来电增长_上年值_可用" = 0 THEN '来电增长.上年值；' ELSE '' END ||
      CASE WHEN "知识库质量_评分_可用" = 0 THEN '知识库质量.评分；' ELSE '' END ||
      CASE WHEN "运行成本_可用" = 0 THEN '运行成本；' ELSE '' END ||
      CASE WHEN "市民满意度_可用" = 0 THEN '市民满意度；' ELSE '' END ||
      CASE WHEN "违纪_可用" = 0 THEN '违纪；' ELSE '' END
    , '') AS "问题",
    CASE WHEN "工单办结率_可用" = 1 AND "工单办结率" IS NOT NULL THEN CAST(ROUND("工单办结率" * 10000) AS INTEGER) ELSE 0 END AS "工单办结率_整数",  -- 1 即 0.0001％
    CASE WHEN "工单办结率_可用" = 1 AND "工单办结率" IS NOT NULL THEN 1 ELSE 0 END AS "工单办结率_有无",
    CASE WHEN "坐席数量_可用" = 1 AND "坐席数量" IS NOT NULL THEN CAST(ROUND("坐席数量" * 10000) AS INTEGER) ELSE 0 END AS "坐席数量_整数",  -- 1 即 0.0001席
    CASE WHEN "坐席数量_可用" = 1 AND "坐席数量" IS NOT NULL THEN 1 ELSE 0 END AS "坐席数量_有无",
    CASE WHEN "系统升级_可用" = 1 AND "系统升级" IS NOT NULL THEN (CAST(julianday(date("系统升级")) - 2451544.5 AS INTEGER) + 730120) ELSE 0 END AS "系统升级_整数",
    CASE WHEN "系统升级_可用" = 1 AND "系统升级" IS NOT NULL THEN 1 ELSE 0 END AS "系统升级_有无",
    CASE WHEN "来电增长_可用" = 1 AND "来电增长" IS NOT NULL THEN CAST(ROUND("来电增长" * 10000) AS INTEGER) ELSE 0 END AS "来电增长_整数",  -- 1 即 0.0001％
    CASE WHEN "来电增长_可用" = 1 AND "来电增长" IS NOT NULL THEN 1 ELSE 0 END AS "来电增长_有无",
    CASE WHEN "来电增长_上年值_可用" = 1 AND "来电增长_上年值" IS NOT NULL THEN CAST(ROUND("来电增长_上年值" * 10000) AS INTEGER) ELSE 0 END AS "来电增长_上年值_整数",  -- 1 即 0.0001％
    CASE WHEN "来电增长_上年值_可用" = 1 AND "来电增长_上年值" IS NOT NULL THEN 1 ELSE 0 END AS "来电增长_上年值_有无",
    CASE WHEN "知识库质量" = '健全' THEN 0 WHEN "知识库质量" = '基本健全' THEN 1 ELSE -1 END AS "知识库质量_词",
    CASE WHEN "知识库质量" IS NULL OR "知识库质量" IN ('', '-', '—', '——') THEN 0 WHEN "知识库质量" IN ('不适用', '不涉及', '不考核', '不评价', '未涉及', 'N/A', 'NA', 'n/a', 'na', '/', '\') THEN 3 ELSE 2 END AS "知识库质量_有无",
    CASE WHEN "知识库质量_评分_可用" = 1 AND "知识库质量_评分" IS NOT NULL THEN CAST(ROUND("知识库质量_评分" * 10000) AS INTEGER) ELSE 0 END AS "知识库质量_评分_整数",  -- 1 即 0.0001分
    CASE WHEN "知识库质量_评分_可用" = 1 AND "知识库质量_评分" IS NOT NULL THEN 1 ELSE 0 END AS "知识库质量_评分_有无",
    CASE WHEN "运行成本_可用" = 1 AND "运行成本" IS NOT NULL THEN CAST(ROUND("运行成本" * 10000) AS INTEGER) ELSE 0 END AS "运行成本_整数",  -- 1 即 0.0001万元
    CASE WHEN "运行成本_可用" = 1 AND "运行成本" IS NOT NULL THEN 1 ELSE 0 END AS "运行成本_有无",
    CASE WHEN "市民满意度_可用" = 1 AND "市民满意度" IS NOT NULL THEN CAST(ROUND("市民满意度" * 10000) AS INTEGER) ELSE 0 END AS "市民满意度_整数",  -- 1 即 0.0001％
    CASE WHEN "市民满意度_可用" = 1 AND "市民满意度" IS NOT NULL THEN 1 ELSE 0 END AS "市民满意度_有无",
    CASE WHEN "违纪_可用" = 1 AND "违纪" IS NOT NULL THEN CAST(ROUND("违纪" * 10000) AS INTEGER) ELSE 0 END AS "违纪_整数",  -- 1 即 0.0001起
    CASE WHEN "违纪_可用" = 1 AND "违纪" IS NOT NULL THEN 1 ELSE 0 END AS "违纪_有无"
  FROM "核对"
),
"第1步" AS MATERIALIZED (
  SELECT
    "整数".*,
    -- 产出/工单办结率：≥95％，20分
    CASE
      WHEN "工单办结率_有无" = 0 THEN 1  -- 还定不了
      WHEN "工单办结率_整数" >= 950000 THEN 2  -- 第1条：完成率 >= 100％，得 100％
      ELSE 3  -- 第2条：其余，得 完成率
    END AS "工单办结率_第几支",
    CASE
      WHEN "工单办结率_有无" = 0 THEN '缺完成值'
      WHEN "工单办结率_整数" >= 950000 AND "工单办结率_整数" > 1235000 THEN '超额'
      WHEN "工单办结率_整数" >= 950000 THEN '达标'
      ELSE '未达标'
    END AS "工单办结率_评定",
    -- 产出/坐席数量：≥53席，10分
    CASE
      WHEN "坐席数量_有无" = 0 THEN 1  -- 还定不了
      WHEN "坐席数量_整数" >= 530000 THEN 2  -- 第1条：>= 53席，得 10
      WHEN "坐席数量_整数" >= 500000 THEN 3  -- 第2条：>= 50席，得 6
      ELSE 4  -- 第3条：其余，得 0
    END AS "坐席数量_第几支",
    CASE
      WHEN "坐席数量_有无" = 0 THEN '缺完成值'
      WHEN "坐席数量_整数" >= 530000 AND "坐席数量_整数" > 689000 THEN '超额'
      WHEN "坐席数量_整数" >= 530000 THEN '达标'
      ELSE '未达标'
    END AS "坐席数量_评定",
    -- 产出/系统升级：2024年11月30日前完成，10分
    CASE
      WHEN "系统升级_有无" = 0 THEN 1  -- 还定不了
      WHEN "系统升级_整数" <= 739220 THEN 2  -- 第1条：达标，得 100％
      ELSE 3  -- 第2条：其余，得 0
    END AS "系统升级_第几支",
    CASE
      WHEN "系统升级_有无" = 0 THEN '缺完成值'
      WHEN "系统升级_整数" <= 739220 THEN '达标'
      ELSE '未达标'
    END AS "系统升级_评定",
    MAX(CASE WHEN "来电增长_上年值_整数" >= 0 THEN "来电增长_上年值_整数" * 1000000 ELSE "来电增长_上年值_整数" * (-1000000) END, 1) AS "来电增长_中间数",
    -- 产出/知识库质量：健全，10分
    CASE
      WHEN "知识库质量_有无" = 0 OR "知识库质量_有无" = 3 THEN 1  -- 还定不了
      WHEN "知识库质量_词" = 0 THEN 2  -- 第1条：＂健全＂，得 100％
      WHEN "知识库质量_词" = 1 AND "知识库质量_评分_有无" = 1 AND "知识库质量_评分_整数" >= 30000 AND "知识库质量_评分_整数" <= 80000 THEN 3  -- 第2条：＂基本健全＂，得 30％ .. 80％
      WHEN "知识库质量_词" = 1 THEN 4  -- 第2条：＂基本健全＂，得 30％ .. 80％（等评委打分）
      ELSE 5  -- 第3条：其余，得 0
    END AS "知识库质量_第几支",
    CASE WHEN "知识库质量_有无" <> 3 THEN 1 ELSE 0 END AS "知识库质量_参评",
    CASE
      WHEN "知识库质量_有无" = 0 THEN '缺完成值'
      WHEN "知识库质量_有无" = 3 THEN '不适用'
      WHEN "知识库质量_词" <> 0 THEN '未判定'
      WHEN "知识库质量_词" = 0 THEN '达标'
      ELSE '未达标'
    END AS "知识库质量_评定",
    CASE WHEN "运行成本_整数" <= 4210000 OR ("运行成本_整数" > 4210000 AND "运行成本_整数" <> 0) THEN 1 ELSE 0 END AS "运行成本_中间数",
    CASE WHEN CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE MAX("运行成本_整数", 1) END <= CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE 4210000 END THEN 1 ELSE 0 END AS "运行成本_2_中间数",
    CASE
      WHEN "运行成本_有无" = 0 THEN '缺完成值'
      WHEN "运行成本_整数" <= 4210000 AND "运行成本_整数" < 2947000 THEN '超额'
      WHEN "运行成本_整数" <= 4210000 THEN '达标'
      ELSE '未达标'
    END AS "运行成本_评定",
    -- 满意度/市民满意度：≥90％，20分
    CASE
      WHEN "市民满意度_有无" = 0 THEN 1  -- 还定不了
      WHEN "市民满意度_整数" >= 900000 THEN 2  -- 第1条：>= 90％，得 20
      WHEN "市民满意度_整数" >= 600000 THEN 3  -- 第2条：>= 60％，得 (完成值 - 60％) ＊ 50
      ELSE 4  -- 第3条：其余，得 0
    END AS "市民满意度_第几支",
    CASE
      WHEN "市民满意度_有无" = 0 THEN '缺完成值'
      WHEN "市民满意度_整数" >= 900000 AND "市民满意度_整数" > 1170000 THEN '超额'
      WHEN "市民满意度_整数" >= 900000 THEN '达标'
      ELSE '未达标'
    END AS "市民满意度_评定",
    CASE
      WHEN "违纪_有无" = 0 THEN '缺完成值'
      WHEN "违纪_整数" = 0 THEN '达标'
      ELSE '未达标'
    END AS "违纪_评定",
    CASE WHEN ("违纪_有无" = 1 AND "违纪_整数" > 0) OR ("违纪_有无" = 1 AND "违纪_整数" <= 0) THEN 1 ELSE 0 END AS "总分_中间数"
  FROM "整数"
),
"第2步" AS MATERIALIZED (
  SELECT
    "第1步".*,
    CAST(CASE WHEN "工单办结率_第几支" = 2 THEN 2000 WHEN "工单办结率_第几支" = 3 THEN ((MIN("工单办结率_整数", 950000) + 237) / 475) ELSE 0 END AS INTEGER) AS "工单办结率_低分",
    CAST(CASE WHEN "工单办结率_第几支" = 3 THEN ((MIN("工单办结率_整数", 950000) + 237) / 475) ELSE 2000 END AS INTEGER) AS "工单办结率_高分",
    CASE WHEN "工单办结率_第几支" = 1 THEN 1 ELSE 0 END AS "工单办结率_未定",
    CASE WHEN "工单办结率_第几支" = 2 THEN 1 WHEN "工单办结率_第几支" = 3 THEN 2 ELSE 0 END AS "工单办结率_条",
    CAST(CASE WHEN "坐席数量_第几支" = 2 THEN 1000 WHEN "坐席数量_第几支" = 3 THEN 600 ELSE 0 END AS INTEGER) AS "坐席数量_低分",
    CAST(CASE WHEN "坐席数量_第几支" = 3 THEN 600 WHEN "坐席数量_第几支" = 4 THEN 0 ELSE 1000 END AS INTEGER) AS "坐席数量_高分",
    CASE WHEN "坐席数量_第几支" = 1 THEN 1 ELSE 0 END AS "坐席数量_未定",
    CASE WHEN "坐席数量_第几支" = 2 THEN 1 WHEN "坐席数量_第几支" = 3 THEN 2 WHEN "坐席数量_第几支" = 4 THEN 3 ELSE 0 END AS "坐席数量_条",
    CAST(CASE WHEN "系统升级_第几支" = 2 THEN 1000 ELSE 0 END AS INTEGER) AS "系统升级_低分",
    CAST(CASE WHEN "系统升级_第几支" = 3 THEN 0 ELSE 1000 END AS INTEGER) AS "系统升级_高分",
    CASE WHEN "系统升级_第几支" = 1 THEN 1 ELSE 0 END AS "系统升级_未定",
    CASE WHEN "系统升级_第几支" = 2 THEN 1 WHEN "系统升级_第几支" = 3 THEN 2 ELSE 0 END AS "系统升级_条",
    CASE WHEN CASE WHEN "来电增长_上年值_整数" <= 0 THEN 1 ELSE "来电增长_中间数" END <= (CASE WHEN "来电增长_上年值_整数" <= 0 THEN 0 ELSE (CASE WHEN "来电增长_上年值_整数" >= 0 THEN "来电增长_整数" * 1000000 ELSE "来电增长_整数" * (-1000000) END) - "来电增长_中间数" END) * 20 THEN 1 ELSE 0 END AS "来电增长_2_中间数",
    CAST(CASE WHEN "知识库质量_第几支" = 2 THEN 1000 WHEN "知识库质量_第几支" = 3 THEN (("知识库质量_评分_整数" + 50) / 100) WHEN "知识库质量_第几支" = 4 THEN 300 ELSE 0 END AS INTEGER) AS "知识库质量_低分",
    CAST(CASE WHEN "知识库质量_第几支" = 3 THEN (("知识库质量_评分_整数" + 50) / 100) WHEN "知识库质量_第几支" = 4 THEN 800 WHEN "知识库质量_第几支" = 5 THEN 0 ELSE 1000 END AS INTEGER) AS "知识库质量_高分",
    CASE WHEN "知识库质量_第几支" IN (1, 4) THEN 1 ELSE 0 END AS "知识库质量_未定",
    CASE WHEN "知识库质量_第几支" = 1 THEN 0 WHEN "知识库质量_第几支" = 2 THEN 1 WHEN "知识库质量_第几支" = 5 THEN 3 ELSE 2 END AS "知识库质量_条",
    -- 成本/运行成本：≤421万元，20分
    CASE
      WHEN "运行成本_有无" = 0 THEN 1  -- 还定不了
      WHEN "运行成本_中间数" = 1 AND "运行成本_2_中间数" = 1 THEN 2  -- 第1条：完成率 >= 100％，得 100％
      WHEN (("运行成本_中间数" = 1 AND "运行成本_2_中间数" = 1) OR ("运行成本_中间数" = 1 AND NOT ("运行成本_2_中间数" = 1))) AND "运行成本_中间数" = 1 THEN 3  -- 第2条：其余，得 完成率
      WHEN ("运行成本_中间数" = 1 AND "运行成本_2_中间数" = 1) OR ("运行成本_中间数" = 1 AND NOT ("运行成本_2_中间数" = 1)) THEN 4  -- 第2条：其余，得 完成率（算不出）
      ELSE 5  -- 还定不了
    END AS "运行成本_第几支",
    CAST(CASE WHEN "市民满意度_第几支" = 2 THEN 2000 WHEN "市民满意度_第几支" = 3 THEN ((MIN(MAX("市民满意度_整数" - 600000, 0), 400000) + 100) / 200) ELSE 0 END AS INTEGER) AS "市民满意度_低分",
    CAST(CASE WHEN "市民满意度_第几支" = 3 THEN ((MIN(MAX("市民满意度_整数" - 600000, 0), 400000) + 100) / 200) WHEN "市民满意度_第几支" = 4 THEN 0 ELSE 2000 END AS INTEGER) AS "市民满意度_高分",
    CASE WHEN "市民满意度_第几支" = 1 THEN 1 ELSE 0 END AS "市民满意度_未定",
    CASE WHEN "市民满意度_第几支" = 2 THEN 1 WHEN "市民满意度_第几支" = 3 THEN 2 WHEN "市民满意度_第几支" = 4 THEN 3 ELSE 0 END AS "市民满意度_条",
    CASE WHEN CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END = 1000 THEN 1 ELSE CAST(CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END AS INTEGER) + 5000 END AS "产出_中间数"
  FROM "第1步"
),
"第3步" AS MATERIALIZED (
  SELECT
    "第2步".*,
    CASE WHEN ("来电增长_上年值_整数" > 0 AND "来电增长_上年值_整数" <> 0 AND "来电增长_2_中间数" = 1) OR ("来电增长_上年值_整数" > 0 AND "来电增长_上年值_整数" <> 0 AND NOT ("来电增长_2_中间数" = 1)) THEN 1 ELSE 0 END AS "来电增长_3_中间数",
    CAST(CASE WHEN "运行成本_第几支" = 2 THEN 2000 WHEN "运行成本_第几支" = 3 THEN MIN((((CAST(4000 AS INTEGER) * (CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE 4210000 END)) + (CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE MAX("运行成本_整数", 1) END)) / ((CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE MAX("运行成本_整数", 1) END) * 2)), 2000) ELSE 0 END AS INTEGER) AS "运行成本_低分",
    CAST(CASE WHEN "运行成本_第几支" = 3 THEN MIN((((CAST(4000 AS INTEGER) * (CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE 4210000 END)) + (CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE MAX("运行成本_整数", 1) END)) / ((CASE WHEN "运行成本_整数" <= 4210000 THEN 1 ELSE MAX("运行成本_整数", 1) END) * 2)), 2000) ELSE 2000 END AS INTEGER) AS "运行成本_高分",
    CASE WHEN "运行成本_第几支" IN (2, 3) THEN 0 ELSE 1 END AS "运行成本_未定",
    CASE WHEN "运行成本_第几支" = 2 THEN 1 WHEN "运行成本_第几支" IN (3, 4) THEN 2 ELSE 0 END AS "运行成本_条",
    -- 满意度
    "市民满意度_低分" AS "满意度_低分",
    "市民满意度_高分" AS "满意度_高分",
    CASE WHEN "市民满意度_未定" = 1 THEN 1 ELSE 0 END AS "满意度_未定"
  FROM "第2步"
),
"第4步" AS MATERIALIZED (
  SELECT
    "第3步".*,
    -- 产出/来电增长：较上年增长5％，10分
    CASE
      WHEN ("来电增长_有无" = 0 AND "来电增长_上年值_有无" = 0) OR ("来电增长_有无" = 0 AND "来电增长_上年值_有无" = 1) THEN 1  -- 还定不了
      WHEN "来电增长_有无" = 1 AND "来电增长_上年值_有无" = 0 AND "来电增长_整数" >= 50000 THEN 2  -- 第1条：达标，得 100％
      WHEN "来电增长_有无" = 1 AND "来电增长_上年值_有无" = 0 THEN 3  -- 第2条：其余，得 0
      WHEN "来电增长_上年值_整数" > 0 AND "来电增长_上年值_整数" <> 0 AND "来电增长_2_中间数" = 1 THEN 4  -- 第1条：达标，得 100％
      WHEN "来电增长_3_中间数" = 1 THEN 5  -- 第2条：其余，得 0
      ELSE 6  -- 还定不了
    END AS "来电增长_第几支",
    CASE
      WHEN "来电增长_有无" = 0 AND "来电增长_上年值_有无" = 0 THEN '缺完成值'
      WHEN "来电增长_有无" = 0 AND "来电增长_上年值_有无" = 1 THEN '缺完成值'
      WHEN "来电增长_有无" = 1 AND "来电增长_上年值_有无" = 0 AND "来电增长_整数" >= 50000 THEN '达标'
      WHEN "来电增长_有无" = 1 AND "来电增长_上年值_有无" = 0 THEN '未达标'
      WHEN NOT ("来电增长_3_中间数" = 1) THEN '未判定'
      WHEN "来电增长_上年值_整数" > 0 AND "来电增长_上年值_整数" <> 0 AND "来电增长_2_中间数" = 1 THEN '达标'
      ELSE '未达标'
    END AS "来电增长_评定",
    -- 成本
    "运行成本_低分" AS "成本_低分",
    "运行成本_高分" AS "成本_高分",
    CASE WHEN "运行成本_未定" = 1 THEN 1 ELSE 0 END AS "成本_未定"
  FROM "第3步"
),
"第5步" AS MATERIALIZED (
  SELECT
    "第4步".*,
    CAST(CASE WHEN "来电增长_第几支" IN (2, 4) THEN 1000 ELSE 0 END AS INTEGER) AS "来电增长_低分",
    CAST(CASE WHEN "来电增长_第几支" IN (3, 5) THEN 0 ELSE 1000 END AS INTEGER) AS "来电增长_高分",
    CASE WHEN "来电增长_第几支" IN (1, 6) THEN 1 ELSE 0 END AS "来电增长_未定",
    CASE WHEN "来电增长_第几支" IN (2, 4) THEN 1 WHEN "来电增长_第几支" IN (3, 5) THEN 2 ELSE 0 END AS "来电增长_条"
  FROM "第4步"
),
"第6步" AS MATERIALIZED (
  SELECT
    "第5步".*,
    -- 产出
    CASE WHEN CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END = 1000 THEN "工单办结率_低分" + "坐席数量_低分" + "系统升级_低分" + "来电增长_低分" + (CASE WHEN "知识库质量_参评" = 1 THEN "知识库质量_低分" ELSE 0 END) ELSE (((("工单办结率_低分" + "坐席数量_低分" + "系统升级_低分" + "来电增长_低分" + (CASE WHEN "知识库质量_参评" = 1 THEN "知识库质量_低分" ELSE 0 END)) * 200 * (CASE WHEN CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END = 1000 THEN 1 ELSE 6000 END)) + ("产出_中间数" * 100)) / ("产出_中间数" * 200)) END AS "产出_低分",
    CASE WHEN CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END = 1000 THEN "工单办结率_高分" + "坐席数量_高分" + "系统升级_高分" + "来电增长_高分" + (CASE WHEN "知识库质量_参评" = 1 THEN "知识库质量_高分" ELSE 0 END) ELSE (((("工单办结率_高分" + "坐席数量_高分" + "系统升级_高分" + "来电增长_高分" + (CASE WHEN "知识库质量_参评" = 1 THEN "知识库质量_高分" ELSE 0 END)) * 200 * (CASE WHEN CASE WHEN "知识库质量_参评" = 1 THEN 1000 ELSE 0 END = 1000 THEN 1 ELSE 6000 END)) + ("产出_中间数" * 100)) / ("产出_中间数" * 200)) END AS "产出_高分",
    CASE WHEN "工单办结率_未定" = 1 OR "坐席数量_未定" = 1 OR "系统升级_未定" = 1 OR "来电增长_未定" = 1 OR ("知识库质量_参评" = 1 AND "知识库质量_未定" = 1) THEN 1 ELSE 0 END AS "产出_未定"
  FROM "第5步"
),
"第7步" AS MATERIALIZED (
  SELECT
    "第6步".*,
    -- 合计
    MIN("产出_低分" + "成本_低分" + "满意度_低分", 10000) AS "合计_低分",
    MIN("产出_高分" + "成本_高分" + "满意度_高分", 10000) AS "合计_高分",
    CASE WHEN "产出_未定" = 1 OR "成本_未定" = 1 OR "满意度_未定" = 1 THEN 1 ELSE 0 END AS "合计_未定"
  FROM "第6步"
),
"第8步" AS MATERIALIZED (
  SELECT
    "第7步".*,
    "合计_低分" AS "总分_低分",
    "合计_高分" AS "总分_高分",
    CASE WHEN "合计_未定" = 1 THEN 1 ELSE 0 END AS "总分_未定",
    CASE WHEN "合计_未定" = 0 AND "总分_中间数" = 1 THEN 1 ELSE 0 END AS "总分_完整",
    CAST(CASE WHEN "合计_未定" = 1 OR NOT ("总分_中间数" = 1) THEN 0 ELSE MAX(CASE WHEN "合计_低分" >= 9000 THEN 1 ELSE CASE WHEN "合计_低分" >= 8000 THEN 2 ELSE CASE WHEN "合计_低分" >= 6000 THEN 3 ELSE 4 END END END, CASE WHEN "违纪_有无" = 1 AND "违纪_整数" > 0 THEN 2 ELSE 0 END) END AS INTEGER) AS "总分_等级号",
    CASE WHEN "合计_未定" = 0 AND "合计_低分" = 10000 THEN 1 WHEN "合计_未定" = 0 AND "合计_低分" <> 10000 THEN 0 ELSE -1 END AS "无失分_评优"
  FROM "第7步"
)
  SELECT
    "对象",
    "问题",
    CASE WHEN "问题" IS NULL AND "工单办结率_未定" = 0 THEN "工单办结率_低分" / 100.0 END AS "工单办结率_得分",
    CASE WHEN "问题" IS NULL THEN "工单办结率_条" END AS "工单办结率_情形",
    CASE WHEN "问题" IS NULL THEN "工单办结率_评定" END AS "工单办结率_状态",
    CASE WHEN "问题" IS NULL AND "坐席数量_未定" = 0 THEN "坐席数量_低分" / 100.0 END AS "坐席数量_得分",
    CASE WHEN "问题" IS NULL THEN "坐席数量_条" END AS "坐席数量_情形",
    CASE WHEN "问题" IS NULL THEN "坐席数量_评定" END AS "坐席数量_状态",
    CASE WHEN "问题" IS NULL AND "系统升级_未定" = 0 THEN "系统升级_低分" / 100.0 END AS "系统升级_得分",
    CASE WHEN "问题" IS NULL THEN "系统升级_条" END AS "系统升级_情形",
    CASE WHEN "问题" IS NULL THEN "系统升级_评定" END AS "系统升级_状态",
    CASE WHEN "问题" IS NULL AND "来电增长_未定" = 0 THEN "来电增长_低分" / 100.0 END AS "来电增长_得分",
    CASE WHEN "问题" IS NULL THEN "来电增长_条" END AS "来电增长_情形",
    CASE WHEN "问题" IS NULL THEN "来电增长_评定" END AS "来电增长_状态",
    CASE WHEN "问题" IS NULL AND "知识库质量_未定" = 0 THEN "知识库质量_低分" / 100.0 END AS "知识库质量_得分",
    CASE WHEN "问题" IS NULL THEN "知识库质量_条" END AS "知识库质量_情形",
    CASE WHEN "问题" IS NULL THEN "知识库质量_评定" END AS "知识库质量_状态",
    CASE WHEN "问题" IS NULL AND "运行成本_未定" = 0 THEN "运行成本_低分" / 100.0 END AS "运行成本_得分",
    CASE WHEN "问题" IS NULL THEN "运行成本_条" END AS "运行成本_情形",
    CASE WHEN "问题" IS NULL THEN "运行成本_评定" END AS "运行成本_状态",
    CASE WHEN "问题" IS NULL AND "市民满意度_未定" = 0 THEN "市民满意度_低分" / 100.0 END AS "市民满意度_得分",
    CASE WHEN "问题" IS NULL THEN "市民满意度_条" END AS "市民满意度_情形",
    CASE WHEN "问题" IS NULL THEN "市民满意度_评定" END AS "市民满意度_状态",
    CASE WHEN "问题" IS NULL THEN "违纪_评定" END AS "违纪_状态",
    CASE WHEN "问题" IS NULL AND "产出_未定" = 0 THEN "产出_低分" / 100.0 END AS "产出_得分",
    CASE WHEN "问题" IS NULL THEN "产出_低分" / 100.0 END AS "产出_最低",
    CASE WHEN "问题" IS NULL THEN "产出_高分" / 100.0 END AS "产出_最高",
    CASE WHEN "问题" IS NULL AND "成本_未定" = 0 THEN "成本_低分" / 100.0 END AS "成本_得分",
    CASE WHEN "问题" IS NULL THEN "成本_低分" / 100.0 END AS "成本_最低",
    CASE WHEN "问题" IS NULL THEN "成本_高分" / 100.0 END AS "成本_最高",
    CASE WHEN "问题" IS NULL AND "满意度_未定" = 0 THEN "满意度_低分" / 100.0 END AS "满意度_得分",
    CASE WHEN "问题" IS NULL THEN "满意度_低分" / 100.0 END AS "满意度_最低",
    CASE WHEN "问题" IS NULL THEN "满意度_高分" / 100.0 END AS "满意度_最高",
    CASE WHEN "问题" IS NULL AND "总分_未定" = 0 THEN "总分_低分" / 100.0 END AS "总分",
    CASE WHEN "问题" IS NULL THEN "总分_低分" / 100.0 END AS "最低可能",
    CASE WHEN "问题" IS NULL THEN "总分_高分" / 100.0 END AS "最高可能",
    CASE WHEN "问题" IS NULL THEN "总分_完整" END AS "完整",
    CASE WHEN "问题" IS NULL THEN CASE "总分_等级号" WHEN 1 THEN '优' WHEN 2 THEN '良' WHEN 3 THEN '中' WHEN 4 THEN '差' END END AS "等级",
    CASE WHEN "问题" IS NULL THEN CASE WHEN "无失分_评优" >= 0 THEN "无失分_评优" END END AS "无失分"
  FROM "第8步";
