// Whether the program answers what the model answers.
#pragma once

#include "world.hpp"

#include <map>

namespace ostrakon::property {

/// What the judge answers, as far as it is to be compared. Asks the state it last renewed to.
Answer judged(World& world, std::size_t zone, const Query& query);
/// Where more texts answer than fit, those that are there must be among them.
bool are_same(const Answer& expected, const Answer& found);
std::string in_words(const Answer& answer);

/// The index equals what the truth gives when it is derived anew.
Difference compare_index(World& world);

/// The filter of the names holds exactly what the name index implies by definition, and lets every
/// place pass where something is to be found.
Difference compare_name_filter(World& world, const std::vector<Query>& places);

/// The judge answers what the model answers, in every zone at every place: codes, TTL and texts.
/// `answered` takes the places that some zone answers.
Difference compare_answers(World& world, const std::vector<Query>& places,
                           std::vector<Query>& answered);

/// What is said of whole stretches and of what lies below a name never denies what is answered, and
/// claims nothing where nothing is.
Difference compare_cuts(World& world, const std::vector<Query>& places,
                        const std::vector<Query>& answered);

/// Every own decision has the state, strikes and earliest lift that the model has for it.
Difference compare_strikes(World& world);

/// `why` says what the judge answers.
Difference compare_explanations(World& world, const std::vector<Query>& places);

/// The same answers before and after `expire`, which tidies up at the present time.
Difference compare_around_expire(World& world, const std::vector<Query>& places);

/// What `why --at` says of own decisions is what was answered then.
class PastAnswers {
public:
    /// Answers of a time at which something was changed afterwards say nothing of it.
    void forget_since(UnixTime time) { places_.erase(places_.lower_bound(time), places_.end()); }
    void remember(World& world, const std::vector<Query>& places);
    Difference compare(World& world) const;

private:
    struct Place {
        Query query;
        std::size_t zone;
        Answer answer;
    };
    std::map<UnixTime, std::vector<Place>> places_;
};

}  // namespace ostrakon::property
