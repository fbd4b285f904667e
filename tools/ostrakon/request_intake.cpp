#include "request_intake.hpp"

#include "arguments.hpp"
#include "database.hpp"
#include "messages.hpp"
#include "ostrakon/policy/request_box.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {

Result<Done> take_in_filed_requests(const CommonOptions& common) {
    const auto settings = read_settings(common);
    if (!settings) {
        return Unexpected{settings.error()};
    }
    const auto box = policy::request_box(settings->database.path);
    const std::size_t waiting = policy::waiting_requests(box);
    if (waiting == 0) {
        return Done{};
    }
    const auto stays = [&](const Error& error) {
        note(fmt::format("{} requests that were filed at the page stay in {}: {}", waiting,
                         box.string(), message(error)),
             common.quiet);
        return Done{};
    };
    auto database = open_for_writing(*settings, common, "request intake", store::Access::ReadWrite);
    if (!database) {
        return stays(database.error());
    }
    policy::Author author = author_of(common, "request intake");
    author.by = "web";
    const auto taken = policy::take_in_requests(database->environment, box, author);
    if (!taken) {
        return stays(taken.error());
    }
    for (const std::string& left : taken->left) {
        note(left, common.quiet);
    }
    return Done{};
}

}  // namespace ostrakon::tool
