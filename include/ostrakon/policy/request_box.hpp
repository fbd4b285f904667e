// Requests that strangers have filed and that nobody has taken in yet: a file each, in a directory
// beside the database. Whoever files them cannot write to the database.
//
// What is in a file comes from the network, and is checked as such when it is taken in.
#pragma once

#include "ostrakon/policy/requests.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Files that may wait. Beyond that nothing is filed.
inline constexpr std::size_t kWaitingRequestsMax = 2000;
/// Bytes that they may have together: the disk is the database's.
inline constexpr std::uintmax_t kWaitingSizeMax = std::uintmax_t{256} << 20;

/// Where requests wait, of a database in this directory.
std::filesystem::path request_box(const std::filesystem::path& database);

/// A reference that nobody can guess: 16 letters and digits in groups of four (80 bits), which are
/// hard to mistake for each other: "7K2M-9QXD-4TRB-0ZWE".
std::string make_reference();
/// As make_reference() writes it: in capitals, with its hyphens. Empty for what can be none.
std::string normalised_reference(std::string_view text);

/// Files a request, which has a reference; durable when this returns. Errors: Refused (too many
/// wait), System.
Result<Done> file_request(const std::filesystem::path& box, const Request& request);

/// How many wait; 0 where there is no box.
std::size_t waiting_requests(const std::filesystem::path& box);

/// The oldest of those that wait, with the time when they were filed, and how many there are.
OpenRequests filed_requests(const std::filesystem::path& box, std::size_t oldest_max);
/// The one of this reference, if it waits: what whoever filed it has written.
std::optional<Request> waiting_request(const std::filesystem::path& box,
                                       std::string_view reference);

struct TakenIn {
    std::size_t taken = 0;
    std::vector<std::string> left;  ///< Files that are no requests, or that could not be taken in.
};
/// Takes all into the database, oldest first, and removes their files; those that are no requests
/// are removed, too, and what a process that was killed had not finished. What cannot be read now
/// stays. Files that are there already as requests are not taken again. Errors: Refused
/// (too many are open), Store, System. The caller holds the writer lock.
Result<TakenIn> take_in_requests(store::Environment& environment, const std::filesystem::path& box,
                                 const Author& author);

}  // namespace ostrakon::policy
