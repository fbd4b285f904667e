#include "rebuild.hpp"

#include "ostrakon/policy/reindex.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/meta.hpp"

namespace ostrakon::policy {

using store::Table;

std::uint32_t rebuild_index(store::WriteTransaction& transaction, const Catalogue& catalogue,
                            UnixTime at) {
    store::IndexWriter index{transaction};
    index.forget();
    index.clear();
    transaction.clear(Table::Sets);
    transaction.clear(Table::SetIds);
    transaction.clear(Table::Globs);
    transaction.clear(Table::GlobIds);
    store::set_meta_number(transaction, store::meta_key::kNextSet, 1);
    store::set_meta_number(transaction, store::meta_key::kNextGlob, 1);
    store::set_meta_number(transaction, store::meta_key::kEpoch,
                           store::meta_number(transaction, store::meta_key::kEpoch) + 1);
    TouchedRanges everything;
    everything.add_everything();
    reindex(transaction, catalogue, std::move(everything), index);
    const std::uint32_t serial = store::raise_serial(transaction, at);
    index.finish(serial);
    return serial;
}

}  // namespace ostrakon::policy
