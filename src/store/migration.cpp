#include "migration.hpp"

#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_filter_writer.hpp"
#include "ostrakon/store/transaction.hpp"

namespace ostrakon::store {
namespace {

constexpr std::uint64_t kFirstWithNameFilter = 5;

}  // namespace

Result<Done> migrate(Environment& environment) {
    auto transaction = WriteTransaction::begin(environment);
    if (!transaction) {
        return Unexpected{transaction.error()};
    }
    const std::uint64_t schema = meta_number(*transaction, meta_key::kSchema);
    if (schema == kSchemaVersion) {  // somebody else was faster
        return Done{};
    }
    if (schema < kFirstWithNameFilter) {
        derive_name_filter(*transaction);
    }
    set_meta_number(*transaction, meta_key::kSchema, kSchemaVersion);
    return transaction->commit();
}

}  // namespace ostrakon::store
