#include "ostrakon/ldns/library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::ldns {

Result<Library> load_library() {
    auto library = SharedLibrary::open("libldns.so.3", "libldns3");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    Library ldns{};
    library->find(ldns.name_new, "ldns_dname_new_frm_data");
    library->find(ldns.wire_to_name, "ldns_wire2dname");
    library->find(ldns.rdf_free, "ldns_rdf_deep_free");
    library->find(ldns.rdf_data, "ldns_rdf_data");
    library->find(ldns.rdf_size, "ldns_rdf_size");
    library->find(ldns.query_new, "ldns_pkt_query_new");
    library->find(ldns.set_id, "ldns_pkt_set_id");
    library->find(ldns.set_udp_size, "ldns_pkt_set_edns_udp_size");
    library->find(ldns.to_wire, "ldns_pkt2wire");
    library->find(ldns.from_wire, "ldns_wire2pkt");
    library->find(ldns.packet_free, "ldns_pkt_free");
    library->find(ldns.rcode, "ldns_pkt_get_rcode");
    library->find(ldns.answer, "ldns_pkt_answer");
    library->find(ldns.count, "ldns_rr_list_rr_count");
    library->find(ldns.record, "ldns_rr_list_rr");
    library->find(ldns.owner, "ldns_rr_owner");
    library->find(ldns.type, "ldns_rr_get_type");
    library->find(ldns.record_class, "ldns_rr_get_class");
    library->find(ldns.rdf_count, "ldns_rr_rd_count");
    library->find(ldns.rdf, "ldns_rr_rdf");
    library->find(ldns.record_text, "ldns_rr2str");
    library->find(ldns.resolver_new, "ldns_resolver_new_frm_file");
    library->find(ldns.nameservers, "ldns_resolver_nameservers");
    library->find(ldns.nameserver_count, "ldns_resolver_nameserver_count");
    library->find(ldns.resolver_free, "ldns_resolver_deep_free");
    if (auto whole = library->whole(); !whole) {
        return Unexpected{std::move(whole.error())};
    }
    return ldns;
}

}  // namespace ostrakon::ldns
