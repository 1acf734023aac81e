venue-rooms-title = 会场
venue-rooms-empty = 还没有会场
venue-rooms-empty-help = 举行场次的会场将列在这里。
venue-new-room-button = 添加会场
venue-new-room-title = 新会场
venue-room-title = 会场
venue-back-to-rooms = 会场
venue-name = 名称
venue-building = 楼宇
venue-building-hint = 或所在区域，便于来宾找到会场。
venue-code = 代码
venue-code-hint = 用于指示牌和网址：小写字母、数字和连字符。留空则由名称生成。
venue-code-taken = 此代码已被另一个会场使用
venue-capacity = 容量
venue-capacity-hint = 可容纳人数，不限时留空。
venue-booths = 同传间
venue-booths-hint = 可同时工作的口译小组数量。
venue-channels = 同传语种
venue-channels-hint = 除现场语言外可收听的语言，填写代码：en, zh, fr。
venue-channels-wrong = 请填写语言代码，例如 en, zh, fr
venue-position = 排序
venue-position-hint = 数字小的会场排在前面。留空则新会场排在最后。
venue-create-button = 添加会场
venue-save-button = 保存会场
venue-delete-link = 删除此会场
venue-delete-room-title = 要删除此会场吗？
venue-delete-affects = { $count ->
    [0] 没有场次安排在此会场。公开日程在下次发布前保持不变。
   *[other] 有 { $count } 个场次安排在此会场。删除后这些场次保留时间，但没有会场。公开日程在下次发布前保持不变。
}
venue-delete-button = 删除会场
venue-keep-link = 保留
venue-notice-room-created = 会场已添加。
venue-notice-room-saved = 会场已保存。
venue-notice-room-deleted = 会场已删除。
