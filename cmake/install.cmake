# Headers, the libraries, the CMake package "soap" and the pkg-config modules "soap", "soap_f64" and "soap_lab".
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(soap_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/soap)
set(soap_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/soap DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp" PATTERN "kernels" EXCLUDE)
install(TARGETS soap soap_f64 soap_lab EXPORT soap-targets INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT soap-targets NAMESPACE soap:: DESTINATION ${soap_cmake_dir})

# A program that links the static library also links what the library was built on; a shared library brings
# that along by itself.
list(TRANSFORM OpenMP_CXX_LIB_NAMES PREPEND -l OUTPUT_VARIABLE soap_openmp_libs)
list(JOIN soap_openmp_libs " " soap_openmp_libs)
if(BUILD_SHARED_LIBS)
  set(soap_is_static OFF)
  set(soap_pc_requires eigen3)
  set(soap_pc_libs "")
else()
  set(soap_is_static ON)
  set(soap_pc_requires eigen3 zlib)
  set(soap_pc_libs ${soap_openmp_libs})
endif()
list(JOIN soap_pc_requires " " soap_pc_requires)
set(soap_f64_requires ${soap_pc_requires})
set(soap_lab_requires soap)
set(soap_requires ${soap_pc_requires})

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/soap-config.cmake.in
                              ${PROJECT_BINARY_DIR}/soap-config.cmake
                              INSTALL_DESTINATION ${soap_cmake_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/soap-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/soap-config.cmake ${PROJECT_BINARY_DIR}/soap-config-version.cmake
        DESTINATION ${soap_cmake_dir})

# Compilers drop an -I that is an -isystem too, so that users see no warnings of Eigen's. A fetched Eigen is not
# installed, and its place is not the installed one's.
set(soap_pc_eigen "")
get_target_property(soap_eigen_dirs Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
if(NOT eigen_SOURCE_DIR)
  foreach(dir ${soap_eigen_dirs})
    string(REPLACE " " "\\ " dir "${dir}")
    string(APPEND soap_pc_eigen " -isystem ${dir}")
  endforeach()
endif()

# Relative to the .pc file, so that the prefix can be chosen or moved after the configuration.
file(RELATIVE_PATH soap_pc_libdir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH soap_pc_includedir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
foreach(name soap soap_f64 soap_lab)
  list(TRANSFORM ${name}_definitions PREPEND -D OUTPUT_VARIABLE soap_pc_definitions)
  list(JOIN soap_pc_definitions " " soap_pc_definitions)
  set(soap_pc_requires ${${name}_requires})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/soap.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${soap_pkgconfig_dir})
endforeach()

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
