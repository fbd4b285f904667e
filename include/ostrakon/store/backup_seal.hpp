// The end of a backup file: who wrote it, how long it is, and a hash of all before it.
//
// LMDB has no checksums, so a backup without one could come back with a wrong address in it. The
// seal stands behind the last page, where LMDB does not look: a sealed file is a database still.
#pragma once

#include "ostrakon/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::store {

inline constexpr std::size_t kSealSize = 256;

/// Takes the bytes of a backup as they are written or read, in any pieces.
class SealHash {
public:
    SealHash();
    SealHash(SealHash&&) noexcept;
    SealHash& operator=(SealHash&&) noexcept;
    ~SealHash();

    void add(std::string_view bytes) noexcept;
    std::uint64_t size() const noexcept;
    /// The seal of what was added: kSealSize bytes.
    std::string seal(UnixTime at) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What a seal says.
struct Seal {
    UnixTime at;             ///< When the backup was made.
    std::uint64_t size = 0;  ///< Bytes before the seal.
};
/// Whether these bytes are meant to be a seal.
bool is_seal(std::string_view bytes) noexcept;
/// Reads the seal of what was added to `hash`; nothing where it is damaged or of other bytes.
std::optional<Seal> check_seal(std::string_view bytes, const SealHash& hash);

}  // namespace ostrakon::store
