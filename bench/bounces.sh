#!/usr/bin/env bash
# 10,000 mails that come back, taken in from a maildir; they answer the mailing of mailings.sh, which runs before.
exec bash "$(dirname "${BASH_SOURCE[0]}")/mailings.sh"
