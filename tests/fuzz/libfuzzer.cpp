// One program for all readers: SOAP_FUZZ_READER names the one that libFuzzer feeds.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "tests/fuzz/readers.hpp"

namespace {

const fuzz::Reader& chosen() {
  const char* name = std::getenv("SOAP_FUZZ_READER");
  const auto& all = fuzz::readers();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const fuzz::Reader& r) { return name != nullptr && r.name == name; });
  if (found != all.end()) return *found;
  std::cerr << "SOAP_FUZZ_READER: found " << (name == nullptr ? "nothing" : name) << ", expected one of";
  for (const fuzz::Reader& reader : all) std::cerr << ' ' << reader.name;
  std::cerr << '\n';
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Reader& reader = chosen();
  reader.read({reinterpret_cast<const char*>(data), size});
  return 0;
}
