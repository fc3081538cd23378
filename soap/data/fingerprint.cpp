#include "soap/data/fingerprint.hpp"

#include <array>

#include "soap/base/text.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::uint64_t fingerprint(const ImageDataset& data) {
  const ImageShape& shape = data.shape();
  const Normalization& normalization = data.normalization();
  std::uint64_t value = fingerprint(std::to_string(data.size()) + ' ' + std::to_string(data.outputs()) + ' ' +
                                    std::to_string(shape.channels) + ' ' + std::to_string(shape.height) +
                                    ' ' + std::to_string(shape.width) + ' ' + to_text(normalization.mean) +
                                    ' ' + to_text(normalization.standard_deviation));
  std::string labels;
  for (Index i = 0; i < data.size(); ++i) {
    const auto pixels = data.pixels(i);
    value = fingerprint({reinterpret_cast<const char*>(pixels.data()), pixels.size()}, value);
    labels.push_back(static_cast<char>(data.label(i)));
  }
  return fingerprint(labels, value);
}

std::uint64_t fingerprint(const TrainTest& data) {
  return fingerprint(to_hex(fingerprint(data.test)), fingerprint(data.train));
}

std::string data_name(const TrainTest& data, std::uint64_t fingerprint) {
  if (!data.train.name().empty()) return data.train.name();
  struct Known {
    std::uint64_t fingerprint;
    const char* name;
  };
  constexpr std::array known{Known{0xd6453c197b01d879U, "MNIST"},
                             Known{0x9429715269e3a287U, "Fashion-MNIST"}};
  for (const auto& [of, name] : known) {
    if (of == fingerprint) return name;
  }
  return "unnamed images";
}

}  // namespace SOAP_ABI
}  // namespace soap
