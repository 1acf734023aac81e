organizer-nav-notices = 变更通知
notices-title = 变更通知
notices-one-title = 通知
notices-one = 关于{ $name }的通知
notices-about =
    { $minutes ->
        [0] 发布后立即通知相关人员。
       *[other] 发布 { $minutes } 分钟后通知相关人员。其间若再次发布，只更新邮件内容，每人仍只收到一封邮件。
    }
notices-rules-link = 修改静默时间
notices-open =
    { $count ->
        [0] 没有待发通知
       *[other] { $count } 条待发通知
    }
notices-choose = 选择
notices-choose-one = 选择关于{ $name }的通知
notices-to = 对象
notices-what = 变更内容
notices-leaves = 发送时间
notices-leaves-at = 将于{ $at }发送。
notices-speaker = 嘉宾
notices-attendee = 参会者
notices-more = 另有 { $count } 项
notices-nothing = 已无任何变化，不会发送。
notices-reworded = 已改用您的措辞
notices-send = 立即发送所选
notices-hold = 暂缓所选
notices-resume = 恢复所选
notices-skip = 跳过所选
notices-send-one = 立即发送
notices-hold-one = 暂缓
notices-resume-one = 恢复
notices-skip-one = 跳过
notices-skip-help = 跳过的通知不会发送，对方日历保持此前告知的内容。下次发布将与之比较，仍有出入的会在那时告知。
notices-empty = 没有待发通知
notices-empty-help = 当发布内容为嘉宾、收藏了场次或已订座的参会者带来新增、调整或取消时，通知会先在此等候发送。
notices-settled = 已发送或已跳过
notices-outcome = 结果
notices-at = 时间
notices-mails = 邮件
notices-mail-number = 邮件 { $number }
notices-state-waiting = 待发
notices-state-held = 暂缓
notices-state-sent = 已发送
notices-state-skipped = 已跳过
notices-state-nothing = 无需通知
notices-words = 使用您的措辞
notices-field-subject = 主题
notices-field-subject-hint = 留空则使用默认主题。
notices-field-introduction = 首段
notices-field-introduction-hint = 此段会出现在该通知的每封邮件中，不论语言。留空则使用默认文字。空一行即另起一段。
notices-save-words = 保存措辞
notices-mail-to = 发给 { $recipient } 的邮件
notices-as-text = 纯文本
notices-what-moved = 时间调整
notices-what-room = 更换会场
notices-what-renamed = 更改标题
notices-what-new = 新增
notices-what-cancelled = 取消
notices-notice-none-chosen = 没有选择任何通知。
notices-notice-some-changed = 部分通知其间已有变化，保持原样。请重新查看。
notices-notice-held = 已暂缓，恢复后才会发送。
notices-notice-resumed = 到时间后即会发送。
notices-notice-sent = 已发送。
notices-notice-skipped = 已跳过，对方日历保持不变。
notices-notice-worded = 措辞已保存。
notices-error-stale = 通知已有变化
notices-error-stale-help = 它已发送，或其间因新的发布或他人操作而变化。请重新查看。
notices-error-changed = 其间因新的发布或他人操作，此通知已有变化。下面是现在的内容；如要保留您的措辞，请再次保存。
notices-error-decision = 请选择要做什么
notices-error-decision-help = 通知可以发送、暂缓、恢复或跳过。

notices-mail-greeting = 尊敬的{ $name }：
notices-mail-slot-subject =
    { $more ->
        [0] { $event }：您的日程有变（{ $title }）
       *[other] { $event }：您的日程有变（{ $title }等，另有 { $more } 项）
    }
notices-mail-slot-text = { $event }的日程已重新发布，与您有关的变更如下。
notices-mail-slot-text-about = { $event }的日程已重新发布，与{ $speaker }有关的变更如下。
notices-mail-changes = 变更内容
notices-mail-before = 原为：{ $time }
notices-mail-now = 现为：{ $time }
notices-mail-own-time = 您当地时间：{ $time }
notices-mail-timetable = 完整日程（{ $timezone }时间）
notices-mail-no-timetable = 日程中已没有场次。
notices-mail-slot-link = 查看日程并告知是否合适
notices-mail-calendar = 附带的日历条目会替换您已有的条目。如果您的日历只显示第一条，请逐个打开其余条目，或在您的页面订阅日历。
notices-mail-own-zone = “您当地时间”指{ $timezone }时间。
notices-mail-contact = 如有疑问，请写信至 { $email }。
notices-mail-change-subject =
    { $more ->
        [0] { $event }：{ $title }有变
       *[other] { $event }：{ $title }等有变（另有 { $more } 项）
    }
notices-mail-change-text = 您在{ $event }的日程有变。
notices-mail-agenda = 您的日程（{ $timezone }时间）
notices-mail-change-link = 打开我的日程
notices-mail-unsubscribe = 不再通知我变更

notices-own-link = 我的日程
notices-own-title = 我的日程
notices-own-back = 我的报名
notices-own-about = 收藏想参加的场次，需要订座的请订座，您的日程和日历会随之更新。
notices-own-none = 日程尚未发布
notices-own-none-help = 日程发布后，您可以在此收藏场次。
notices-own-agenda = 我的安排
notices-own-agenda-empty = 您的日程还是空的。收藏场次或订座后，会显示在这里。
notices-own-zone = 以上为会场当地时间（{ $zone }）。
notices-own-overlap = 与{ $titles }时间重叠
notices-own-subscribe = 在我的日历中订阅
notices-own-feed = 订阅此地址的日历会自动跟随每次变更。请勿外传：它会打开您的日程。
notices-own-connect = 使用此浏览器的收藏
notices-own-disconnect = 解除与此浏览器的关联
notices-own-sessions = 场次
notices-own-days = 日期
notices-own-search = 搜索标题
notices-own-no-sessions = 没有符合的场次。
notices-own-star = 收藏{ $title }
notices-own-unstar = 取消收藏{ $title }
notices-own-notices = 有变更时
notices-own-wants = 我日程中的场次调整或取消时写信告诉我
notices-own-save = 保存
notices-own-wanted = 您日程中的场次有变时，我们会写信告诉您。
notices-own-refused = 我们不再就变更给您写信。
notices-unsubscribe-title = 不再接收变更通知
notices-unsubscribe-help = 当您日程中的场次调整或取消时，我们会写信告诉您。您的报名不受影响。
notices-unsubscribe-button = 不再就变更给我写信
notices-unsubscribed = 您不会再收到变更通知
notices-unsubscribed-help = 您的报名不受影响。您可以在“我的日程”中更改。
