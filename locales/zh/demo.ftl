demo-inbox-title = 演示收件箱
demo-inbox-lead = 演示中发出的邮件都会出现在这里，不会真正寄出。打开邮件即可点击其中的链接。
demo-inbox-empty = 暂无邮件
demo-inbox-empty-help = 先报名参会再回来查看：请您确认邮箱的邮件会出现在这里。
demo-inbox-back = 全部邮件
demo-mail-to = 收件人 { $recipient }，{ $time }（UTC）
demo-mail-parts = 附件
demo-mail-plain = 纯文本内容
