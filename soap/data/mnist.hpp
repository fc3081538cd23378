// MNIST's four files, and those of the sets that took over its format, such as Fashion-MNIST.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soap/data/image_dataset.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// Reads the training and the test set from a folder, the images normalized as is usual for MNIST. The files
/// are named `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, or with a dot, `train-images.idx3-ubyte`, and each may end in `.gz`. Throws
/// IoError for a file that is missing or faulty, labels above 9, numbers of images and labels that differ,
/// and test images of another size than the training images.
TrainTest read_mnist(const std::filesystem::path& folder);

/// Which of the four files the folder lacks in every spelling, by the first of their names; empty when
/// `read_mnist` would find all of them, four when there is nothing, or no such folder. Throws IoError where
/// the system does not tell.
std::vector<std::string> missing_mnist_files(const std::filesystem::path& folder);

}  // namespace SOAP_ABI
}  // namespace soap
