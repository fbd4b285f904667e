#include "http_exchange.hpp"

#include "ostrakon/net/private_ranges.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kTextSizeMax = 4096;  // of an answer that is no list
constexpr long kReadSize = 128L * 1024;

// What the callbacks of one request share.
struct Receiver {
    const Attempt& attempt;
    const HttpHop& hop;
    HttpReply& reply;
    bool is_through_proxy = false;

    bool is_list() const { return reply.headers.status() == 200 && !reply.headers.is_web_page(); }
    bool take_list(std::span<const char> bytes) {
        if (!reply.body) {
            auto made = BodyFile::create(attempt.request.body);
            if (!made) {
                reply.failure = std::move(made.error());
                return false;
            }
            reply.body = std::move(*made);
        }
        const std::uint64_t expected = reply.headers.length().value_or(0);
        const std::uint64_t size_max = attempt.request.limits.size_max;
        if (expected > size_max || reply.body->size() + bytes.size() > size_max) {
            reply.is_too_large = true;
            return false;
        }
        if (auto written = reply.body->write(bytes); !written) {
            reply.failure = std::move(written.error());
            return false;
        }
        if (!bytes.empty()) {
            attempt.tell_progress(reply.body->size(), expected);
        }
        return true;
    }
    bool take_text(std::span<const char> bytes) {
        const std::size_t taken = std::min(bytes.size(), kTextSizeMax - reply.text.size());
        reply.text.append(bytes.data(), taken);
        return taken == bytes.size();
    }
};

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* receiver) {
    HttpReply& reply = static_cast<Receiver*>(receiver)->reply;
    if (!reply.headers.take({bytes, size})) {
        reply.has_too_many_headers = true;
        return 0;
    }
    return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* receiver) {
    auto& to = *static_cast<Receiver*>(receiver);
    const std::span<const char> came{bytes, size};
    return (to.is_list() ? to.take_list(came) : to.take_text(came)) ? size : 0;
}

std::optional<net::Address> address_in(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &address, sizeof ipv4);
        return net::Ipv4{ntohl(ipv4.sin_addr.s_addr)};
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &address, sizeof ipv6);
        return net::ipv6_from_bytes(ipv6.sin6_addr.s6_addr);
    }
    return std::nullopt;
}

// The address is looked at where it is used: what a name meant a moment ago does not count.
curl_socket_t on_socket(void* receiver, curlsocktype, curl_sockaddr* to) {
    auto& from = *static_cast<Receiver*>(receiver);
    if (!from.is_through_proxy) {
        const auto address = address_in(to->addr);
        const bool is_private = !address || net::is_private(*address);
        if (is_private && !from.hop.may_be_private) {
            from.reply.was_private_refused = true;
            return CURL_SOCKET_BAD;
        }
        from.reply.is_private = from.reply.is_private || is_private;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// As libcurl chooses one; HTTP_PROXY is not looked at, which a CGI program may have from a client.
std::string proxy_for(std::string_view url) {
    const bool is_encrypted = url.starts_with("https:");
    for (const char* const name : {is_encrypted ? "https_proxy" : "http_proxy",
                                   is_encrypted ? "HTTPS_PROXY" : "", "all_proxy", "ALL_PROXY"}) {
        const char* const proxy = *name == '\0' ? nullptr : std::getenv(name);
        if (proxy != nullptr && *proxy != '\0') {
            return proxy;
        }
    }
    return {};
}

struct EasyFree {
    decltype(&curl_easy_cleanup) free;
    void operator()(CURL* handle) const { free(handle); }
};
using Easy = std::unique_ptr<CURL, EasyFree>;

struct ListFree {
    decltype(&curl_slist_free_all) free;
    void operator()(curl_slist* list) const { free(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListFree>;

HeaderList request_headers(const CurlLibrary& curl, const Attempt& attempt, const HttpHop& hop) {
    const Validators& validators = attempt.request.validators;
    HeaderList list{nullptr, {curl.list_free}};
    const auto add = [&](const std::string& header) {
        if (curl_slist* const longer = curl.list_append(list.get(), header.c_str())) {
            static_cast<void>(list.release());
            list.reset(longer);
        }
    };
    if (!validators.etag.empty()) {
        add("If-None-Match: " + validators.etag);
    }
    if (!validators.last_modified.empty()) {
        add("If-Modified-Since: " + validators.last_modified);
    }
    if (!hop.key_header.empty()) {
        add(hop.key_header);
    }
    return list;
}

// What holds for every request, whatever it asks for.
void set_rules(const CurlLibrary& curl, CURL* handle, const Request& request) {
    curl.set(handle, CURLOPT_NOSIGNAL, 1L);
    curl.set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl.set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!request.ca_file.empty()) {
        curl.set(handle, CURLOPT_CAINFO, request.ca_file.c_str());
        curl.set(handle, CURLOPT_CAPATH, nullptr);  // else the system's directory counts as well
    }
    // What is packed is unpacked by who reads the list, within limits of its own.
    curl.set(handle, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    curl.set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl.set(handle, CURLOPT_BUFFERSIZE, kReadSize);
    curl.set(handle, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(request.limits.slow_bytes));
    curl.set(handle, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.limits.slow_seconds));
    curl.set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(request.limits.connect.seconds));
    curl.set(handle, CURLOPT_USERAGENT, request.user_agent.c_str());
}

void set_hop(const CurlLibrary& curl, CURL* handle, const HttpHop& hop, const std::string& proxy) {
    curl.set(handle, CURLOPT_URL, hop.url.c_str());
    curl.set(handle, CURLOPT_PROXY, proxy.c_str());
    if (!hop.may_be_private) {
        curl.set(handle, CURLOPT_NOPROXY,
                 "");  // nobody is sent past the proxy to a host of this site
    }
    if (!hop.user.empty()) {
        curl.set(handle, CURLOPT_USERNAME, hop.user.c_str());
        curl.set(handle, CURLOPT_PASSWORD, hop.password.c_str());
    }
}

}  // namespace

HttpReply exchange(const CurlLibrary& curl, const Attempt& attempt, const HttpHop& hop) {
    HttpReply reply;
    const Easy owned{curl.easy_init(), {curl.easy_cleanup}};
    CURL* const handle = owned.get();
    if (handle == nullptr) {
        reply.code = CURLE_OUT_OF_MEMORY;
        reply.trouble = "no memory is left";
        return reply;
    }
    const std::string proxy = proxy_for(hop.url);
    const HeaderList headers = request_headers(curl, attempt, hop);
    std::array<char, CURL_ERROR_SIZE> trouble{};
    Receiver receiver{attempt, hop, reply, !proxy.empty() && !hop.may_be_private};
    set_rules(curl, handle, attempt.request);
    set_hop(curl, handle, hop, proxy);
    curl.set(handle, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(attempt.left().count())));
    curl.set(handle, CURLOPT_HTTPHEADER, headers.get());
    curl.set(handle, CURLOPT_ERRORBUFFER, trouble.data());
    curl.set(handle, CURLOPT_HEADERFUNCTION, &on_header);
    curl.set(handle, CURLOPT_HEADERDATA, &receiver);
    curl.set(handle, CURLOPT_WRITEFUNCTION, &on_body);
    curl.set(handle, CURLOPT_WRITEDATA, &receiver);
    curl.set(handle, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
    curl.set(handle, CURLOPT_OPENSOCKETDATA, &receiver);
    reply.code = curl.perform(handle);
    reply.trouble = trouble[0] != '\0' ? trouble.data() : curl.error_text(reply.code);
    if (char* redirect = nullptr;
        curl.get(handle, CURLINFO_REDIRECT_URL, &redirect) == CURLE_OK && redirect != nullptr) {
        reply.redirect = redirect;
    }
    if (reply.code == CURLE_OK && receiver.is_list()) {
        receiver.take_list({});  // an empty list is one too, or more than is allowed
    }
    return reply;
}

}  // namespace ostrakon::fetch
