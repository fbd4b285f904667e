// One listing that answers, as a visitor needs to read it.
#pragma once

#include "site_state.hpp"

namespace ostrakon::web {

/// Which class it is in, since when, why, what to do, and whom to ask.
Markup match_card(const Visit& visit, const Finding& finding, const policy::ExplainedMatch& match);

/// Takes mail addresses out of what is shown to who has asked by a hash.
void hide_addresses(const Visit& visit, Finding& finding);

/// The feed that a match comes from; null where it is an own one, a built-in source or unknown.
const config::FeedSettings* feed_of(const Visit& visit, const policy::ExplainedMatch& match);

/// Whether an own ban is of just what was asked, so that it can be lifted for it: an IPv6 address
/// has its /64.
bool is_of_just_this(const Finding& finding, const policy::ExplainedMatch& match);

/// "2026-11-22 21:52 UTC" with its machine-readable form.
Markup time_of(UnixTime time);

}  // namespace ostrakon::web
