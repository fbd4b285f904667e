// What an Environment owns of LMDB. Included by this module's sources only.
#pragma once

#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/transaction.hpp"

#include <lmdb.h>
#include <array>
#include <atomic>
#include <memory>

namespace ostrakon::store {

struct CloseEnvironment {
    void operator()(MDB_env* env) const noexcept { mdb_env_close(env); }
};

struct Environment::Handles {
    std::unique_ptr<MDB_env, CloseEnvironment> env;
    std::array<MDB_dbi, kTableCount> tables{};
    std::filesystem::path directory;
    std::atomic<bool> outgrown = false;
};

/// An LMDB return code in the operator's words, with what to do where that is known.
Error lmdb_error(std::string attempt, int rc, std::uint64_t size_bytes);

inline MDB_val to_val(std::string_view bytes) noexcept {
    return {bytes.size(), const_cast<char*>(bytes.data())};
}
inline std::string_view to_view(const MDB_val& val) noexcept {
    return {static_cast<const char*>(val.mv_data), val.mv_size};
}

}  // namespace ostrakon::store
