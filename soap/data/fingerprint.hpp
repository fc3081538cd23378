// Telling whether images are still those that a run was started with.
#pragma once

#include <cstdint>
#include <string>

#include "soap/base/fingerprint.hpp"
#include "soap/data/image_dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Of the pixels, the labels, the shape and the normalization.
std::uint64_t fingerprint(const ImageDataset& data);
/// Of both sets.
std::uint64_t fingerprint(const TrainTest& data);

/// What people call the data: the name they bear, else that of a known data set with this fingerprint
/// ("MNIST", "Fashion-MNIST"), else "unnamed images".
std::string data_name(const TrainTest& data, std::uint64_t fingerprint);

}  // namespace SOAP_ABI
}  // namespace soap
