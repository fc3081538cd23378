#include "soap/plot/png.hpp"

#include <algorithm>
#include <stdexcept>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb_image_write.h>

#include "soap/io/atomic_file.hpp"

namespace soap {
inline namespace SOAP_ABI {

std::string encode_png(const Image& image) {
  std::string bytes;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  constexpr int channels = 3;
  if (stbi_write_png_to_func(append, &bytes, image.width, image.height, channels, image.rgb.data(),
                             channels * image.width) == 0) {
    throw std::runtime_error("picture: not enough memory to encode it as PNG");
  }
  return bytes;
}

void check_png_path(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (ending == ".png") return;
  throw std::invalid_argument("picture: found '" + path.string() + "', expected a name that ends in .png");
}

void write_png(const Image& image, const std::filesystem::path& path) {
  check_png_path(path);
  write_file_atomically(path, encode_png(image));
}

}  // namespace SOAP_ABI
}  // namespace soap
