# shellcheck shell=bash
# A site with something to draw.
command ostrakon --quiet init
command ostrakon --quiet ban 192.0.2.0/24 --reason Spam
