#include "mime_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::feed {

Result<MimeLibrary> load_mime_library() {
    auto library = SharedLibrary::open("libgmime-3.0.so.0", "libgmime-3.0-0");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    MimeLibrary mime{};
    library->find(mime.init, "g_mime_init");
    library->find(mime.object_unref, "g_object_unref");
    library->find(mime.free, "g_free");
    library->find(mime.is_a, "g_type_check_instance_is_a");
    library->find(mime.multipart_type, "g_mime_multipart_get_type");
    library->find(mime.message_part_type, "g_mime_message_part_get_type");
    library->find(mime.part_type, "g_mime_part_get_type");
    library->find(mime.mailbox_type, "internet_address_mailbox_get_type");
    library->find(mime.mem_new, "g_mime_stream_mem_new");
    library->find(mime.mem_new_with_buffer, "g_mime_stream_mem_new_with_buffer");
    library->find(mime.mem_bytes, "g_mime_stream_mem_get_byte_array");
    library->find(mime.parser_new, "g_mime_parser_new_with_stream");
    library->find(mime.construct_message, "g_mime_parser_construct_message");
    library->find(mime.mime_part, "g_mime_message_get_mime_part");
    library->find(mime.from, "g_mime_message_get_from");
    library->find(mime.date, "g_mime_message_get_date");
    library->find(mime.date_to_unix, "g_date_time_to_unix");
    library->find(mime.part_message, "g_mime_message_part_get_message");
    library->find(mime.multipart_count, "g_mime_multipart_get_count");
    library->find(mime.multipart_part, "g_mime_multipart_get_part");
    library->find(mime.content_type, "g_mime_object_get_content_type");
    library->find(mime.is_type, "g_mime_content_type_is_type");
    library->find(mime.header_list, "g_mime_object_get_header_list");
    library->find(mime.header_count, "g_mime_header_list_get_count");
    library->find(mime.header_at, "g_mime_header_list_get_header_at");
    library->find(mime.header_name, "g_mime_header_get_name");
    library->find(mime.header_value, "g_mime_header_get_value");
    library->find(mime.part_content, "g_mime_part_get_content");
    library->find(mime.write_content, "g_mime_data_wrapper_write_to_stream");
    library->find(mime.address_count, "internet_address_list_length");
    library->find(mime.address_at, "internet_address_list_get_address");
    library->find(mime.mailbox_address, "internet_address_mailbox_get_addr");
    library->find(mime.decode_date, "g_mime_utils_header_decode_date");
    library->find(mime.date_unref, "g_date_time_unref");
    if (auto whole = library->whole(); !whole) {
        return Unexpected{std::move(whole.error())};
    }
    mime.init();
    return mime;
}

}  // namespace ostrakon::feed
