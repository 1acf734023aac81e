#!/usr/bin/env bash
# A mailing to 10,000 people, worded in their languages and queued; 10,000 mails that come back, taken in.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec cargo bench --quiet --bench mailings
