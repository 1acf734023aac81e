reminders-title = 提醒
reminders-lead = 提醒会按收件人的语言自动发送，同一事项绝不会向同一人重复发送。
reminders-on = 发送此类提醒
reminders-steps-days-after = 发送后第几天
reminders-steps-days-before = 提前几天
reminders-steps-hours-before = 提前几小时
reminders-steps-hint = 用逗号分隔的数字，例如 4, 8, 12。
reminders-until = 最后日期
reminders-until-hint = 此日期之后不再发送。大会结束后一律不再发送。
reminders-sent = { $count ->
    [0] 尚未发送。
   *[other] 目前已发送 { $count } 封。
}
reminders-save = 保存提醒设置
reminders-notice-saved = 已保存，提醒将按新的规则发送。
reminders-stale = 您打开页面之后，其他人更改了提醒设置。您填写的内容保留在下方但尚未保存，再次保存即可生效。
reminders-error-steps = 请填写不超过 { $most } 个 1 到 365 之间的整数
reminders-invitation = 邀请尚未答复
reminders-invitation-text = 发送给嘉宾及其助理。邀请得到答复或被撤回后停止；邮件被退回的地址也不再发送。
