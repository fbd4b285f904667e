# The Debian package, by `cpack --config build/release/CPackConfig.cmake`: what is installed, stripped, with the
# dependencies that dpkg-shlibdeps finds.
set(OSTRAKON_MAINTAINER "The Ostrakon authors <maintainers@ostrakon.example>")
set(OSTRAKON_PACKAGE_RELEASE 1 CACHE STRING "Which package of this version it is")
set(OSTRAKON_DEBIAN_VERSION ${PROJECT_VERSION}-${OSTRAKON_PACKAGE_RELEASE})
string(TIMESTAMP OSTRAKON_PACKAGE_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)  # of SOURCE_DATE_EPOCH where that is set

set(PACKAGED ${PROJECT_BINARY_DIR}/packaging)
configure_file(packaging/debian/changelog.in ${PACKAGED}/changelog.Debian @ONLY)
add_custom_command(
  OUTPUT ${PACKAGED}/changelog.gz ${PACKAGED}/changelog.Debian.gz
  COMMAND gzip --best --no-name --stdout ${PROJECT_SOURCE_DIR}/CHANGELOG.md > ${PACKAGED}/changelog.gz
  COMMAND gzip --best --no-name --stdout ${PACKAGED}/changelog.Debian > ${PACKAGED}/changelog.Debian.gz
  DEPENDS CHANGELOG.md ${PACKAGED}/changelog.Debian)
add_custom_target(changelogs ALL DEPENDS ${PACKAGED}/changelog.gz ${PACKAGED}/changelog.Debian.gz)

install(FILES ${PACKAGED}/changelog.gz ${PACKAGED}/changelog.Debian.gz packaging/debian/copyright README.md
        DESTINATION share/doc/ostrakon)
install(DIRECTORY doc DESTINATION share/doc/ostrakon)
install(FILES ${PROJECT_BINARY_DIR}/examples/ostrakon.toml zones/bl.example.org.toml zones/wl.example.org.toml
        DESTINATION share/doc/ostrakon/examples)
install(FILES packaging/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME ostrakon)

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_BINARY_DIR}/package)
set(CPACK_PACKAGE_NAME ostrakon)
set(CPACK_PACKAGE_CONTACT ${OSTRAKON_MAINTAINER})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${OSTRAKON_PACKAGE_RELEASE})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# Libraries that the programs open when they need them, where dpkg-shlibdeps cannot see them.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd, libcurl4, libldns3, libmicrohttpd12, libseccomp2")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, fonts-dejavu-core, libarchive13, libcairo2, libfstrm0, libgmime-3.0-0, libncursesw6, libsqlite3-0, publicsuffix")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bind9-dnsutils, rsync, unbound")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "authoritative DNS server for block lists, with its tool\n\
Answers DNSBL and RHSBL queries of mail servers for addresses, networks,\n\
ISPs, countries, domains, names of dynamic lines and mail addresses, with\n\
the reason for each. Its tool records the decisions of a site with their\n\
evidence, takes in the lists of others, explains every answer and exports.\n\
What it has recorded is in the server's next answer.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/debian/postinst
                                       ${PROJECT_SOURCE_DIR}/packaging/debian/prerm
                                       ${PROJECT_SOURCE_DIR}/packaging/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
