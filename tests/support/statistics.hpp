// The frozen figures in tests/reference/statistics.json, which statistics.py beside it worked out.
#pragma once

#include <fstream>

#include <nlohmann/json.hpp>

namespace soap::inline SOAP_ABI {

inline const nlohmann::json& reference_statistics() {
  static const nlohmann::json figures = [] {
    std::ifstream file(SOAP_TEST_REFERENCE_DIR "/statistics.json");
    return nlohmann::json::parse(file);
  }();
  return figures;
}

}  // namespace soap::inline SOAP_ABI
