#include "soap/plot/png.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb_image.h>

#include "soap/base/error.hpp"

#include "tests/support/temporary_folder.hpp"

TEST_CASE("a PNG file decodes to the picture it was made from") {
  soap::Image image{.width = 37, .height = 11, .rgb = {}};
  for (int i = 0; i < 37 * 11 * 3; ++i) image.rgb.push_back(static_cast<std::uint8_t>(i * i % 251));
  const test::TemporaryFolder folder;
  soap::write_png(image, folder.path() / "a.png");
  std::ifstream file(folder.path() / "a.png", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  CHECK(bytes == soap::encode_png(image));

  int width = 0;
  int height = 0;
  int channels = 0;
  stbi_uc* decoded = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                                           static_cast<int>(bytes.size()), &width, &height, &channels, 0);
  REQUIRE(decoded != nullptr);
  CHECK(width == 37);
  CHECK(height == 11);
  CHECK(channels == 3);
  CHECK(std::vector<std::uint8_t>(decoded, decoded + image.rgb.size()) == image.rgb);
  stbi_image_free(decoded);
}

TEST_CASE("a picture that cannot be written says where") {
  const soap::Image image{.width = 1, .height = 1, .rgb = {0, 0, 0}};
  CHECK_THROWS_AS(soap::write_png(image, "/proc/no such folder/a.png"), soap::IoError);
}

TEST_CASE("a picture is written under a name that says PNG, and under no other") {
  const soap::Image image{.width = 1, .height = 1, .rgb = {0, 0, 0}};
  const test::TemporaryFolder folder;
  CHECK_NOTHROW(soap::write_png(image, folder.path() / "A.PNG"));
  for (const char* name : {"a.svg", "a.pdf", "a", ".png", "a.png.jpg"}) {
    CAPTURE(name);
    const auto path = folder.path() / name;
    CHECK_THROWS_WITH_AS(
        soap::write_png(image, path),
        ("picture: found '" + path.string() + "', expected a name that ends in .png").c_str(),
        std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(path));
  }
}
