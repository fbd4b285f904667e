#include "archive_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::feed {

Result<ArchiveLibrary> load_archive_library() {
    auto library = SharedLibrary::open("libarchive.so.13", "libarchive13");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    ArchiveLibrary archive{};
    library->find(archive.read_new, "archive_read_new");
    library->find(archive.read_free, "archive_read_free");
    library->find(archive.append_filter, "archive_read_append_filter");
    library->find(archive.support_raw, "archive_read_support_format_raw");
    library->find(archive.support_zip, "archive_read_support_format_zip_seekable");
    library->find(archive.open_memory, "archive_read_open_memory");
    library->find(archive.next_header, "archive_read_next_header");
    library->find(archive.read_data, "archive_read_data");
    library->find(archive.entry_filetype, "archive_entry_filetype");
    library->find(archive.entry_is_encrypted, "archive_entry_is_encrypted");
    auto whole = library->whole();
    return whole ? Result<ArchiveLibrary>{archive} : Unexpected{std::move(whole.error())};
}

}  // namespace ostrakon::feed
