# shellcheck shell=bash
# A site whose server has run, so that there are counts of hits.
command ostrakon --quiet init
systemctl start ostrakond
stop_server
