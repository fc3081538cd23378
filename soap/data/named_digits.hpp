// Digits by the text that names them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "soap/data/mnist.hpp"

namespace soap {
inline namespace SOAP_ABI {

struct NamedDigits {
  TrainTest data;
  std::string description;  ///< one line for people
  std::string source;       ///< a text that names the same from any working folder
};

/// What a text names: a folder with MNIST's files, or "synthetic:train=N:test=N:seed=N". `who` gave it, such
/// as a flag, for messages. Throws std::invalid_argument for a text that is neither, and IoError for a folder
/// that does not hold MNIST.
NamedDigits open_digits(const std::string& text, const std::string& who);

/// The same without a text: what the environment's SOAP_DATA_DIR names, else data/mnist if it holds any of
/// the files, else synthetic digits, as the description then says.
NamedDigits usual_digits();

/// What "help" or "synthetic:help" asks to know, see `spec_help`. Any other text may be a folder.
std::optional<std::string> digits_help(std::string_view text);

/// Puts `count` training images, drawn from each class, in the place of the test set. Throws
/// std::invalid_argument, naming `who`, unless there are more.
void hold_out(NamedDigits& digits, Index count, const std::string& who);

}  // namespace SOAP_ABI
}  // namespace soap
