#include "support/packed.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace ostrakon::test {
namespace {

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;

la_ssize_t append(archive* /*writer*/, void* out, const void* bytes, std::size_t size) {
    static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void write_member(archive* writer, const std::string& name, std::string_view text) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_write_header(writer, entry);
    archive_write_data(writer, text.data(), text.size());
    archive_entry_free(entry);
}

}  // namespace

std::string packed(std::string_view how, std::string_view text) {
    std::string out;
    const Writer writer{archive_write_new(), archive_write_free};
    archive_write_add_filter_by_name(writer.get(), std::string{how}.c_str());
    archive_write_set_format_raw(writer.get());
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    archive_write_open(writer.get(), &out, nullptr, append, nullptr);
    write_member(writer.get(), "list", text);
    archive_write_close(writer.get());
    return out;
}

std::string zip(const std::vector<ZipMember>& members, const std::string& password) {
    std::string out;
    const Writer writer{archive_write_new(), archive_write_free};
    archive_write_set_format_zip(writer.get());
    archive_write_set_bytes_in_last_block(writer.get(), 1);
    if (!password.empty()) {
        archive_write_set_options(writer.get(), "zip:encryption=zipcrypt");
        archive_write_set_passphrase(writer.get(), password.c_str());
    }
    archive_write_open(writer.get(), &out, nullptr, append, nullptr);
    for (const ZipMember& member : members) {
        write_member(writer.get(), member.name, member.text);
    }
    archive_write_close(writer.get());
    return out;
}

}  // namespace ostrakon::test
