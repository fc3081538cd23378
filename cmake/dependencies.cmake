# What libsoap needs. Compilers and systems bring OpenMP and zlib; every other dependency is headers only and
# comes from an installed package, else from a pinned commit of its own repository.
include(FetchContent)

# Declares the imported target `target` over the headers of one commit. The repository's own CMakeLists.txt is
# not run: nothing here needs more than an include path.
function(soap_fetch_headers target)
  cmake_parse_arguments(PARSE_ARGV 1 fetch "" "NAME;REPOSITORY;COMMIT;INCLUDE_DIR" "")
  message(STATUS "${fetch_NAME} is not installed: fetching ${fetch_COMMIT} from ${fetch_REPOSITORY}")
  FetchContent_Declare(${fetch_NAME} GIT_REPOSITORY ${fetch_REPOSITORY} GIT_TAG ${fetch_COMMIT}
                       SOURCE_SUBDIR headers-only)
  FetchContent_MakeAvailable(${fetch_NAME})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${${fetch_NAME}_SOURCE_DIR}/${fetch_INCLUDE_DIR})
endfunction()

find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(ZLIB REQUIRED)

if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 3.4 QUIET NO_MODULE)
endif()
if(NOT TARGET Eigen3::Eigen)
  soap_fetch_headers(Eigen3::Eigen NAME eigen REPOSITORY https://gitlab.com/libeigen/eigen.git
                     COMMIT 3147391d946bb4b6c68edd901f2add6ac1f31f8c)  # 3.4.0
endif()

if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json QUIET)
endif()
if(NOT TARGET nlohmann_json::nlohmann_json)
  soap_fetch_headers(nlohmann_json::nlohmann_json NAME nlohmann_json REPOSITORY https://github.com/nlohmann/json.git
                     COMMIT bc889afb4c5bf1c0d8ee29ef35eaaf4c8bef8a5d  # v3.11.2
                     INCLUDE_DIR include)
endif()

if(NOT TARGET stb::stb)
  find_path(SOAP_STB_INCLUDE_DIR stb_image_write.h PATH_SUFFIXES stb)
  if(SOAP_STB_INCLUDE_DIR)
    add_library(stb::stb INTERFACE IMPORTED)
    target_include_directories(stb::stb INTERFACE ${SOAP_STB_INCLUDE_DIR})
  else()
    soap_fetch_headers(stb::stb NAME stb REPOSITORY https://github.com/nothings/stb.git
                       COMMIT 8b5f1f37b5b75829fc72d38e7b5d4bcbf8a26d55)  # 2022-09-08; the project has no releases
  endif()
endif()

if((SOAP_BUILD_APPS OR SOAP_BUILD_BENCH) AND NOT TARGET cxxopts::cxxopts)
  find_package(cxxopts QUIET)
  if(NOT TARGET cxxopts::cxxopts)
    soap_fetch_headers(cxxopts::cxxopts NAME cxxopts REPOSITORY https://github.com/jarro2783/cxxopts.git
                       COMMIT eb787304d67ec22f7c3a184ee8b4c481d04357fd  # v3.1.1
                       INCLUDE_DIR include)
  endif()
endif()

if(SOAP_BUILD_TESTS AND NOT TARGET doctest::doctest)
  find_package(doctest QUIET)
  if(NOT TARGET doctest::doctest)
    soap_fetch_headers(doctest::doctest NAME doctest REPOSITORY https://github.com/doctest/doctest.git
                       COMMIT b7c21ec5ceeadb4951b00396fc1e4642dd347e5f)  # v2.4.9
  endif()
endif()

# The font of the plots, which the library carries within itself.
find_file(SOAP_FONT DejaVuSans.ttf
          PATHS /usr/share/fonts /usr/local/share/fonts
          PATH_SUFFIXES truetype/dejavu dejavu dejavu-sans-fonts TTF
          DOC "TrueType font for the text in plots")
if(NOT SOAP_FONT)
  if(POLICY CMP0135)
    cmake_policy(SET CMP0135 NEW)  # unpacked files get the time of unpacking
  endif()
  FetchContent_Declare(dejavu_fonts
    URL https://github.com/dejavu-fonts/dejavu-fonts/releases/download/version_2_37/dejavu-fonts-ttf-2.37.tar.bz2
    URL_HASH SHA256=fa9ca4d13871dd122f61258a80d01751d603b4d3ee14095d65453b4e846e17d7)
  FetchContent_MakeAvailable(dejavu_fonts)
  set(SOAP_FONT ${dejavu_fonts_SOURCE_DIR}/ttf/DejaVuSans.ttf)
endif()
if(NOT EXISTS ${SOAP_FONT})
  message(FATAL_ERROR "SOAP_FONT: found no file '${SOAP_FONT}', expected a TrueType font")
endif()
