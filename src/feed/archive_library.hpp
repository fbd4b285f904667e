// The functions of libarchive that are used, loaded when a packed list is to be read. Included by
// unpack.cpp only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <archive.h>
#include <archive_entry.h>

namespace ostrakon::feed {

struct ArchiveLibrary {
    decltype(&archive_read_new) read_new;
    decltype(&archive_read_free) read_free;
    decltype(&archive_read_append_filter) append_filter;
    decltype(&archive_read_support_format_raw) support_raw;
    decltype(&archive_read_support_format_zip_seekable) support_zip;
    decltype(&archive_read_open_memory) open_memory;
    decltype(&archive_read_next_header) next_header;
    decltype(&archive_read_data) read_data;
    decltype(&archive_entry_filetype) entry_filetype;
    decltype(&archive_entry_is_encrypted) entry_is_encrypted;
};

Result<ArchiveLibrary> load_archive_library();

}  // namespace ostrakon::feed
