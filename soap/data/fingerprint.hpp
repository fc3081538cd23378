// Telling whether images are still those that a run was started with.
#pragma once

#include "soap/base/fingerprint.hpp"
#include "soap/data/image_dataset.hpp"

namespace soap::inline SOAP_ABI {

/// Of the pixels, the labels, the shape and the normalization.
std::uint64_t fingerprint(const ImageDataset& data);
/// Of both sets.
std::uint64_t fingerprint(const TrainTest& data);

}  // namespace soap::inline SOAP_ABI
