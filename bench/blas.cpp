#include "blas.hpp"

#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <system_error>

namespace bench {

namespace {

template <class Function>
Function find(void* library, const char* name) {
  return library == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(library, name));
}

void* open(const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  return nullptr;
}

std::filesystem::path folder_of_this_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::string version_from(void* library, const char* name) {
  const auto version = find<const char* (*)()>(library, name);
  return version == nullptr ? "" : version();
}

// BLIS counts threads in integers of its own.
void (*blis_set_threads)(std::int64_t) = nullptr;

Blas eigen() {
  void* library = open({(folder_of_this_program() / "libeigen_gemm.so").string()});
  return {"Eigen", version_from(library, "eigen_gemm_version"), find<Sgemm>(library, "eigen_gemm"),
          find<void (*)(int)>(library, "eigen_gemm_set_threads")};
}

Blas openblas() {
  // Its idle threads would spin for 2^28 cycles, 0.1 s and far into the turns of others. 2^24 is still much
  // longer than they ever wait between two products of its own turn.
  setenv("OPENBLAS_THREAD_TIMEOUT", "24", 0);
  void* library = open({"libopenblas.so.0", "libopenblas.so"});
  return {"OpenBLAS", version_from(library, "openblas_get_config"), find<Sgemm>(library, "cblas_sgemm"),
          find<void (*)(int)>(library, "openblas_set_num_threads")};
}

Blas blis() {
  void* library = open({"libblis.so.4", "libblis.so"});
  blis_set_threads = find<void (*)(std::int64_t)>(library, "bli_thread_set_num_threads");
  return {"BLIS", version_from(library, "bli_info_get_version_str"), find<Sgemm>(library, "cblas_sgemm"),
          blis_set_threads == nullptr ? nullptr : +[](int threads) { blis_set_threads(threads); }};
}

}  // namespace

const std::vector<Blas>& blas_libraries() {
  static const std::vector<Blas> libraries = [] {
    std::vector<Blas> found{eigen(), openblas(), blis()};
    for (Blas& library : found)
      if (library.sgemm == nullptr || library.set_threads == nullptr) library.sgemm = nullptr;
    return found;
  }();
  return libraries;
}

}  // namespace bench
