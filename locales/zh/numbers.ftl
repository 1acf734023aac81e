organizer-nav-numbers = 统计
numbers-title = 统计
numbers-explained = 日期按会议所在时区（{ $zone }）计算。报名按提交时间统计，报名表访问和扫码按发生时间统计；名额、座位和候补为当前状态。
numbers-explained-seats = 此处显示您所负责论坛的场次座位。
numbers-json = 下载全部数据（JSON）
numbers-category = 类别
numbers-category-any = 全部类别
numbers-from = 从
numbers-to = 至
numbers-spans = 时间范围
numbers-span-all = 全部时间
numbers-span-week = 近 7 天
numbers-span-month = 近 30 天
numbers-span-event = 会议期间
numbers-nobody = 还没有人报名
numbers-nobody-help = 有人打开报名表后，这里会显示人数以及他们完成到哪一步。
numbers-nobody-filtered = 该类别在此时间内没有人报名
numbers-nobody-filtered-help = 请选择其他类别或更长的时间。
numbers-over-time = 时间走势
numbers-ways = 从报名到入场
numbers-who = 来宾构成
numbers-door = 入场
numbers-door-nobody = 还没有人入场。开始验票后，这里会显示各时段、各闸口和各天的情况。
numbers-seats-heading = 场次座位
numbers-seats-none = 还没有可预约座位的场次。
numbers-seats-free = { $count ->
   *[other] 共 { $number } 个座位，还没有人预约。
}
numbers-table = 查看表格
numbers-csv = 下载 CSV
numbers-not-said = 未填写
numbers-total = 合计
numbers-of-registered = 占报名的 { $percent }%
numbers-of-confirmed = 占已确认的 { $percent }%
numbers-of = { $number } / { $limit }
numbers-of-waiting = { $number } / { $limit }，候补 { $waiting }
numbers-registered = 报名
numbers-standing = 有效
numbers-confirmed = 已确认
numbers-waiting = 候补
numbers-came = 已到场
numbers-ended = 已结束
numbers-held = 占用名额
numbers-day = 日期
numbers-count = 数量
numbers-week = { $day }起的一周
numbers-month = { $day }起的一个月
numbers-by-day = 每日新增报名
numbers-by-week = 每周新增报名
numbers-by-month = 每月新增报名
numbers-made = { $count ->
   *[other] 共 { $number } 份报名
}
numbers-made-on = { $count ->
   *[other] { $number } 份报名
}
numbers-held-title = 占用名额
numbers-held-of = 已占用 { $number } 个名额，共 { $capacity } 个
numbers-held-of-limited = 已占用 { $number } 个名额，共 { $capacity } 个；不限名额的类别除外
numbers-held-now = { $count ->
   *[other] 已占用 { $number } 个名额；各类别均不限名额
}
numbers-places = { $count ->
   *[other] { $number } 个名额
}
numbers-alt-nothing = 没有可显示的内容。
numbers-alt-rows = { $count ->
   *[other] 共 { $count } 行。最多的是{ $first }，{ $number }。
}
numbers-alt-days = 共 { $number } 份报名；最多的是 { $day }，{ $most } 份。
numbers-alt-hours = 最繁忙的时段：{ $most }
numbers-funnel = 报名转化
numbers-funnel-lead = 从打开报名表开始计算，百分比为占上一步的比例。
numbers-funnel-lead-one = 从通过报名表报名开始计算。各类别共用一张报名表，因此打开次数只能合并统计。百分比为占上一步的比例。
numbers-step = 步骤
numbers-of-before = 占上一步的百分比
numbers-step-value = { $number } · { $percent }%
numbers-step-opened = 打开报名表
numbers-step-registered = 提交报名或申请
numbers-step-verified = 确认邮箱
numbers-step-confirmed = 获得名额和门票
numbers-step-came = 到场
numbers-openings-title = 报名表的访问来源
numbers-openings-lead = 链接中的标记，例如 ?from=newsletter。不保存任何个人信息。
numbers-opened-from = 来源
numbers-openings = 打开次数
numbers-opened-direct = 直接访问、邮件或应用
numbers-opened-site = 本站页面
numbers-opened-embed = 嵌入其他网站的日程
numbers-opened-elsewhere = 其他网站
numbers-opened-other = 其他标记
numbers-opened-word = “{ $word }”
numbers-categories = 各类别名额
numbers-categories-lead = 已占用的名额，含预留
numbers-categories-waiting = { $count ->
   *[other] 已占用的名额，含预留；{ $number } 人候补
}
numbers-capacity = 名额
numbers-taken = 已占用
numbers-countries = 国家和地区
numbers-country = 国家或地区
numbers-countries-lead = { $count ->
   *[other] { $number } 个国家和地区
}
numbers-other-countries = { $count ->
   *[other] 其余 { $number } 个合计
}
numbers-organisations = 单位
numbers-organisation = 单位
numbers-organisations-lead = { $count ->
   *[other] { $number } 个名称，按填写内容统计
}
numbers-other-organisations = { $count ->
   *[other] 其余 { $number } 个合计
}
numbers-sources = 报名途径
numbers-source = 途径
numbers-sources-lead = 仅统计有效报名
numbers-source-form = 公开报名表
numbers-source-code = 邀请码
numbers-source-delegation = 代表团
numbers-source-desk = 报名台添加
numbers-source-import = 导入名单
numbers-source-speaker = 嘉宾，随日程自动报名
numbers-languages = 语言
numbers-language = 语言
numbers-languages-lead = 接收邮件所用的语言
numbers-came-title = 每日到场人数
numbers-came-lead = 不论从哪个闸口进入，每人每天计一次
numbers-people = 人数
numbers-entries = 人次
numbers-hours = 各时段入场人次
numbers-hour = 时段
numbers-entered = 入场
numbers-refused = 拒绝入场
numbers-inside = 当前在场
numbers-entered-in = { $number } 人次入场
numbers-inside-now = { $count ->
   *[other] 当前有 { $number } 人在场
}
numbers-gates = 闸口
numbers-gate = 闸口
numbers-gates-lead = 各闸口的入场人次
numbers-gate-deleted = 已删除的闸口
numbers-session = 场次
numbers-seats = 座位
numbers-seats-title = 各场次满座情况
numbers-fullest = 最满的场次
numbers-emptiest = 最空的场次
numbers-seats-lead = 全部场次共 { $limit } 个座位，已预约 { $number } 个
numbers-need-conflicts = { $count ->
   *[other] { $number } 人本不应入场却已入场
}
numbers-need-oldest = 最早的一份自 { $day }起等待
numbers-need-watched = { $count ->
   *[other] { $number } 个姓名与关注名单相似
}
numbers-need-offers = { $count ->
   *[other] { $number } 个待接受的名额将在一天内失效
}
numbers-need-first-end = 最早于 { $day } { $time }
numbers-need-waiting = { $count ->
   *[other] { $number } 人正在候补
}
numbers-need-none-free = 暂无可用名额
numbers-need-free = { $count ->
   *[other] 有 { $number } 个可用名额
}
numbers-need-delegations = { $count ->
   *[other] { $number } 个尚有名额的代表团将在一周内截止
}
numbers-need-blocking = { $count ->
   *[other] 其中 { $number } 处会阻止发布
}
numbers-need-held = { $count ->
   *[other] { $number } 份通知被暂缓，等待您决定
}
numbers-need-notices = { $count ->
   *[other] { $number } 份通知可在发出前查看
}
numbers-need-leaves = 最早于 { $day } { $time } 发出
numbers-need-silent = { $count ->
   *[other] { $number } 位嘉宾尚未答复
}
numbers-goal-of = / { $limit }
numbers-goal-places = 已占用名额
numbers-goal-waiting = { $count ->
   *[other] { $number } 人候补
}
numbers-goal-unlimited = { $count ->
   *[other] 不限名额的类别另有 { $number } 个
}
numbers-goal-week = 近 7 天新增
numbers-goal-week-before = 此前 7 天 { $number } 份
numbers-goal-confirmed = 已确认的报名
numbers-goal-unverified = { $count ->
   *[other] { $number } 份报名待确认邮箱
}
numbers-goal-came = 到场人数
numbers-goal-seats = 已预约座位
numbers-goal-sessions = 已排时间的场次
numbers-goal-speakers = 已答复的嘉宾
numbers-goal-speakers-known = 嘉宾
numbers-all = 全部统计
