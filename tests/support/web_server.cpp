#include "support/web_server.hpp"

#include "support/free_port.hpp"

#include <sys/socket.h>

#include <fmt/format.h>
#include <csignal>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr int kStartsMax = 3;
constexpr const char* kNginx = "/usr/sbin/nginx";
constexpr const char* kOpenssl = "/usr/bin/openssl";

void run_openssl(std::vector<std::string> arguments, const std::filesystem::path& directory) {
    arguments.insert(arguments.begin(), kOpenssl);
    const ProcessResult result =
        run(ProcessOptions{.arguments = std::move(arguments), .directory = directory});
    if (result.status != 0) {
        throw std::runtime_error("openssl: " + result.errors);
    }
}

std::string configuration(const std::filesystem::path& directory, std::uint16_t port,
                          std::string rules, const Certificate* certificate) {
    const std::string root = (directory / "root").string();
    for (std::size_t at = rules.find("$root"); at != std::string::npos; at = rules.find("$root")) {
        rules.replace(at, 5, root);
    }
    std::string temporary;
    for (const char* const kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
        temporary += fmt::format("{}_temp_path {}/{};\n", kind, directory.string(), kind);
    }
    const std::string tls =
        certificate == nullptr ? ""
                               : fmt::format("ssl_certificate {};\nssl_certificate_key {};\n",
                                             certificate->file.string(), certificate->key.string());
    return fmt::format(R"(daemon off;
master_process off;
pid {0}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
{1}
access_log off;
default_type text/plain;
server {{
listen 127.0.0.1:{2}{3};
root {4};
{5}{6}
}}
}}
)",
                       directory.string(), temporary, port, certificate == nullptr ? "" : " ssl",
                       root, tls, rules);
}

}  // namespace

Certificate make_certificate(const std::filesystem::path& directory, const std::string& name,
                             bool is_expired) {
    std::filesystem::create_directories(directory);
    const TemporaryDirectory authority;
    authority.write("ca.conf", R"([ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
)");
    authority.write("index", "");
    authority.write("serial", "01\n");
    const Certificate made{directory / "certificate.pem", directory / "key.pem"};
    run_openssl({"req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", made.key.string(), "-out", "request", "-subj", "/CN=list.example.org",
                 "-addext", "subjectAltName=" + name},
                authority.path());
    run_openssl({"ca", "-config", "ca.conf", "-batch", "-selfsign", "-notext", "-in", "request",
                 "-keyfile", made.key.string(), "-out", made.file.string(), "-startdate",
                 "20200101000000Z", "-enddate", is_expired ? "20200102000000Z" : "20991231000000Z"},
                authority.path());
    return made;
}

bool WebServer::is_installed() {
    return std::filesystem::exists(kNginx) && std::filesystem::exists(kOpenssl);
}

WebServer::WebServer(std::string_view rules, const Certificate* certificate)
    : is_encrypted_(certificate != nullptr) {
    std::filesystem::create_directories(root());
    for (int start = 1;; ++start) {
        port_ = free_port(SOCK_STREAM);
        const auto file = directory_.write(
            "nginx.conf", configuration(directory_.path(), port_, std::string{rules}, certificate));
        process_ = std::make_unique<Process>(ProcessOptions{
            .arguments = {kNginx, "-e", "stderr", "-p", directory_.path().string(), "-c", file}});
        // It listens before it says what limits it has.
        if (process_->wait_for_errors("getrlimit(")) {
            return;
        }
        // Somebody may have taken the port meanwhile.
        if (start == kStartsMax) {
            throw std::runtime_error("nginx did not start: " + process_->errors());
        }
    }
}

WebServer::~WebServer() {
    process_->signal(SIGTERM);
    process_->wait();
}

std::string WebServer::url(std::string_view path, std::string_view host) const {
    return fmt::format("{}://{}:{}{}", is_encrypted_ ? "https" : "http", host, port_, path);
}

void WebServer::serve(const std::string& name, std::string_view text) const {
    directory_.write(std::filesystem::path{"root"} / name, text);
}

}  // namespace ostrakon::test
