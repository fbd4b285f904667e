#include "ostrakon/policy/request_notice.hpp"

#include "ostrakon/store/meta.hpp"

#include <algorithm>

namespace ostrakon::policy {

Result<std::vector<Request>> untold_requests(store::Environment& environment) {
    auto open = requests(environment, false);
    const auto snapshot = store::Snapshot::begin(environment);
    if (!open || !snapshot) {
        return Unexpected{open ? snapshot.error() : open.error()};
    }
    const std::uint64_t told = store::meta_number(*snapshot, store::meta_key::kToldRequest);
    std::erase_if(*open, [told](const Request& request) { return request.id <= told; });
    return open;
}

Result<Done> mark_told(store::Environment& environment, RequestId last) {
    auto transaction = store::WriteTransaction::begin(environment);
    if (!transaction) {
        return Unexpected{transaction.error()};
    }
    const std::uint64_t told = store::meta_number(*transaction, store::meta_key::kToldRequest);
    store::set_meta_number(*transaction, store::meta_key::kToldRequest,
                           std::max<std::uint64_t>(told, last));
    return transaction->commit();
}

}  // namespace ostrakon::policy
