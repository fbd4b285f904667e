// The records of an inverse as bytes, in the table and in the file. Included by inverse.cpp only.
#pragma once

#include "inverse.hpp"
#include "ostrakon/base/result.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Takes one record after the other.
using RecordTaker = std::function<void(std::string&&)>;

/// Kind, listings that were added, feeds.
std::string encode_header(const Inverse& inverse);
std::optional<Inverse> decode_header(std::string_view bytes);

std::string encode_image(const ListingImage& image);
/// Nothing where the record is of another kind, or damaged.
std::optional<ListingImage> decode_image(std::string_view bytes);

std::string encode_map_image(const MapImage& image);
std::string encode_map_block(const MapBlockImage& image);
/// Of a record of another table; 0 where there is none.
std::uint64_t hash_of(std::optional<std::string_view> record);
std::string encode_record_image(const RecordImage& image);

/// The content of the values that the entries have.
void encode_values(const store::Transaction& transaction, LayerId layer, const EntryList& entries,
                   const RecordTaker& take);
/// The entries, in pieces.
void encode_entries(LayerId layer, bool is_added, const EntryList& entries,
                    const RecordTaker& take);

/// Adds what any record but the header says; false if it is damaged.
bool decode_record(std::string_view bytes, Inverse& inverse);

std::filesystem::path inverse_file(const std::filesystem::path& directory, store::ChangeId change);
/// Writes the file through to the disk.
Result<Done> write_inverse_file(const std::filesystem::path& file,
                                const std::vector<std::string>& records);
/// False where it is not there or not whole.
bool read_inverse_file(const std::filesystem::path& file, Inverse& inverse);
void remove_other_inverse_files(const std::filesystem::path& file);

}  // namespace ostrakon::policy
