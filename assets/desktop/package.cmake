# The Debian package: cpack -G DEB --config build/release/CPackConfig.cmake
# It holds what `cmake --install` installs and what Debian's policy asks of a package.
install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/procatlas)
install(FILES ${generated}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/procatlas)
install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME procatlas)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME procatlas)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The procatlas contributors <procatlas@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "show the memory and the family of processes, live")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"procatlas starts a real program, follows every process that comes of it,
and draws where code, data, heap and stack lie in each, beside the tree of
parents and children and what each one printed.
.
It is made for classroom demos, for learning alone, and for figures in
lecture notes.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR})
set(CPACK_STRIP_FILES ON)  # the three programs; the samples are no targets, and keep what they are read by
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION education)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The faces of the texts; OpenGL's drivers, which are loaded by name; the clipboard; the Python samples.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-inter, fonts-jetbrains-mono, fonts-dejavu-core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-nanum, libgl1-mesa-dri, openssh-client, python3, xclip, xdg-utils")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
