#include "soap/linalg/kernels/kernels.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

#include "soap/base/text.hpp"
#include "soap/linalg/instruction_set.hpp"

namespace soap {
inline namespace SOAP_ABI {

extern const Kernels generic_kernels;
#ifdef __x86_64__
extern const Kernels avx2_kernels;
extern const Kernels avx512_kernels;
#endif

namespace {

std::vector<const Kernels*> available() {
  std::vector<const Kernels*> all = {&generic_kernels};
#ifdef __x86_64__
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
  if (avx2) all.push_back(&avx2_kernels);
  if (avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    all.push_back(&avx512_kernels);
  }
#endif
  return all;
}

// `source` is where the name came from, for the message.
const Kernels& find(std::string_view source, std::string_view name) {
  for (const Kernels* kernels : available()) {
    if (kernels->isa == name) return *kernels;
  }
  throw std::invalid_argument(
      std::string(source) + ": found '" + std::string(name) +
      "', expected an instruction set of this processor: " + join(instruction_sets(), ", "));
}

const Kernels& choose() {
  const char* const wanted = std::getenv("SOAP_ISA");
  if (wanted != nullptr && *wanted != '\0') return find("SOAP_ISA", wanted);
  return *available().back();
}

std::atomic<const Kernels*> chosen = nullptr;

}  // namespace

const Kernels& kernels() {
  const Kernels* now = chosen.load(std::memory_order_relaxed);
  if (now == nullptr) {
    // Several threads may come here at once; all of them find the same.
    now = &choose();
    chosen.store(now, std::memory_order_relaxed);
  }
  return *now;
}

std::string instruction_set() { return kernels().isa; }

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const Kernels* kernels : available()) names.emplace_back(kernels->isa);
  return names;
}

void use_instruction_set(std::string_view name) { chosen = &find("instruction set", name); }

}  // namespace SOAP_ABI
}  // namespace soap
