demo-inbox-title = Demo inbox
demo-inbox-lead = Every mail that this demo sends lands here instead of leaving. Open one and follow its links.
demo-inbox-empty = No mail yet
demo-inbox-empty-help = Register for the summit and come back: the mail that asks you to confirm will be here.
demo-inbox-back = All mails
demo-mail-to = To { $recipient }, { $time } (UTC)
demo-mail-parts = Attached
demo-mail-plain = The same as plain text
