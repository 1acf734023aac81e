events-list-title = 会议
events-is-over = 已结束
events-none = 还没有会议
events-none-help = 您在任何会议中都没有角色。请联系会议组织者邀请您。
events-none-admin-help = 先填写名称和日期，其余内容可以稍后补充。
events-new-button = 新建会议
events-new-title = 新建会议
events-new-help = 填写以下几项即可开始。除网址外，其余内容以后都可以修改。
events-new-name-hint = 使用会议的主要语言，其他语言可稍后补充。
events-create-button = 创建会议
events-name = 名称
events-slug = 网址
events-slug-hint = 小写字母、数字和连字符，例如 summit-2027。会议页面的网址为 { $site }/…
events-slug-malformed = 请使用 2 至 60 个小写字母、数字和连字符
events-slug-reserved = 此网址已被系统占用，请另选一个。
events-slug-taken = 此网址已被另一个会议使用
events-starts-on = 开始日期
events-ends-on = 结束日期
events-ends-before-start = 结束日期早于开始日期
events-too-long = 会议最长 366 天
events-timezone = 时区
events-timezone-hint = 会场所在时区，例如 Asia/Shanghai。输入城市名即可查找。
events-timezone-change-hint = 会场所在时区，例如 Asia/Shanghai。已安排的场次保持原有的绝对时间，更改时区后显示的当地时间会随之变化。
events-timezone-wrong = 请从列表中选择时区，例如 Asia/Shanghai
events-languages = 语言
events-languages-hint = 填写语言代码，主要语言在前，例如 en, zh。每项内容都可以用这些语言分别填写。
events-languages-wrong = 请填写语言代码，例如 en、zh 或 pt-BR，不可重复
events-settings-title = 设置
events-tagline = 主题
events-tagline-hint = 显示在名称下方的一行文字。
events-place = 地点
events-place-hint = 场馆或城市名称。
events-address = 会场地址
events-description = 简介
events-markdown-hint = 可使用 Markdown：**加粗**、列表、链接。
events-contact-email = 联系邮箱
events-contact-email-hint = 供来宾联系，将公开显示。
events-accent = 主题色
events-accent-hint = 用于按钮和链接。
events-accent-adapted = 用于按钮和链接。此颜色在白色背景上不易辨认，因此链接会使用更深的色调。
events-privacy-notice = 隐私声明
events-privacy-notice-hint = 报名时需同意的内容，可使用 Markdown。
events-save-button = 保存设置
events-notice-created = 会议已创建。接下来可以进行以下步骤。
events-notice-saved = 设置已保存。
events-error-stale = 内容已被他人修改
events-error-stale-help = 您的修改未保存。请返回并刷新页面后重新修改。
events-dashboard-title = 概览
events-needs = 今日待办
events-needs-nothing = 没有需要处理的事项。
events-numbers = 数据
events-steps = 后续步骤
events-step-done = 已完成
events-step-describe = 填写会议简介和地点
events-step-rooms = 添加会场
events-step-team = 邀请团队成员
events-countdown = { $count ->
   *[other] 还有 { $count } 天开始
}
events-under-way = 第 { $count } 天，共 { $of } 天
events-over = { $count ->
   *[other] 已结束 { $count } 天
}
events-need-mail-failed = { $count ->
   *[other] { $count } 封邮件未能送达
}
events-number-rooms = { $count ->
   *[other] 个会场
}
events-number-team = { $count ->
   *[other] 位团队成员
}
events-number-mail-queued = { $count ->
   *[other] 封邮件待发送
}
events-need-asked = { $count } 位嘉宾请求改期
events-need-withdrew = { $count } 位嘉宾退出场次
events-need-concerns = { $count ->
   *[other] 日程草稿中有 { $count } 处问题
}
events-number-releases = { $count ->
   *[other] 次发布
}
events-step-sessions = 手动添加或从文件导入场次
events-step-release = 向公众发布日程
events-need-applied = { $count ->
   *[other] { $count } 份申请等待审核
}
events-step-categories = 设置报名类别
