#include "hourglass/figures/save.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <cmath>
#include <map>
#include <memory>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/figures/impl/reduce.h"
#include "hourglass/figures/png.h"

/// For the leak sanitizer: Fontconfig never frees about a kilobyte of its own.
extern "C" [[gnu::weak]] const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\n";
}
extern "C" [[gnu::weak]] const char* __lsan_default_options() {
  return "print_suppressions=0";
}

namespace hourglass {
namespace {

constexpr double kPointsPerPixel = 72.0 / kDotsPerInch;

using Bytes = std::vector<std::uint8_t>;
using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    fail_file("figure", "Cairo cannot draw it: {}", cairo_status_to_string(status));
  }
}

struct Drawn {
  double height = 0.0;
  bool few_colors = false;
};

/// Draws on the surface in pixels of 1/200 inch, whatever the unit of the surface.
Drawn draw_on(cairo_surface_t* surface, double scale, const Drawing& draw) {
  check(cairo_surface_status(surface));
  const Context context(cairo_create(surface), cairo_destroy);
  cairo_scale(context.get(), scale, scale);
  cairo_set_source_rgb(context.get(), 1.0, 1.0, 1.0);
  cairo_paint(context.get());
  Canvas canvas(context.get());
  const double height = draw(canvas);
  check(cairo_status(context.get()));
  return {height, canvas.few_colors()};
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  auto* out = static_cast<Bytes*>(closure);
  out->insert(out->end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

double height_of(const Drawing& draw) {
  const Surface trial(cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, 1), cairo_surface_destroy);
  const double height = std::ceil(draw_on(trial.get(), 1.0, draw).height);
  if (!(height <= kTallestPage)) {
    fail("figure", "it would be {:.0f} pixels tall: at most {:.0f} can be drawn, so show fewer",
         height, kTallestPage);
  }
  return height;
}

struct Page {
  Raster pixels;
  bool few_colors = false;
};

Page drawn_page(double height, double scale, const Drawing& draw) {
  const int rows = static_cast<int>(std::ceil(height * scale));
  const int columns = static_cast<int>(std::ceil(kPageWidth * scale));
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows),
                        cairo_surface_destroy);
  const Drawn drawn = draw_on(surface.get(), scale, draw);
  cairo_surface_flush(surface.get());
  const unsigned char* const data = cairo_image_surface_get_data(surface.get());
  const std::int64_t stride = cairo_image_surface_get_stride(surface.get());
  Raster page{columns, rows, {}};
  page.rgb.resize(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows) * 3);
  std::uint8_t* out = page.rgb.data();
  for (std::int64_t y = 0; y < rows; ++y) {
    const auto* const row = reinterpret_cast<const std::uint32_t*>(data + y * stride);
    for (std::int64_t x = 0; x < columns; ++x) {
      *out++ = static_cast<std::uint8_t>(row[x] >> 16);
      *out++ = static_cast<std::uint8_t>(row[x] >> 8);
      *out++ = static_cast<std::uint8_t>(row[x]);
    }
  }
  return {std::move(page), drawn.few_colors};
}

Bytes render_png(double height, const Drawing& draw) {
  Page page = drawn_page(height, 1.0, draw);
  if (page.few_colors) page.pixels = with_fewer_colors(std::move(page.pixels), 256);
  return png_bytes(page.pixels, kDotsPerInch);
}

/// Cairo numbers the parts of an SVG by a counter of the whole process ("surface17", "image23");
/// this numbers them by their order in the file.
Bytes renumbered(const Bytes& svg) {
  const std::string_view text(reinterpret_cast<const char*>(svg.data()), svg.size());
  std::map<std::string, std::string, std::less<>> names;
  std::map<std::string, int, std::less<>> counts;
  constexpr std::array<std::string_view, 3> kOpenings = {"id=\"", "=\"#", "url(#"};
  std::array<std::size_t, 3> next{};  // where the name after each opening starts
  next.fill(0);
  std::string out;
  std::size_t done = 0;
  for (;;) {
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (next[i] > done || next[i] == text.npos) continue;
      const std::size_t found = text.find(kOpenings[i], done);
      next[i] = found == text.npos ? text.npos : found + kOpenings[i].size();
    }
    const std::size_t at = *std::min_element(next.begin(), next.end());
    if (at == text.npos) break;
    const std::size_t end = std::min(text.find_first_of("\")", at), text.size());
    const std::string_view name = text.substr(at, end - at);
    out += text.substr(done, at - done);
    const std::size_t digits = name.find_first_of("0123456789");
    if (digits == std::string_view::npos || digits == 0) {
      out += name;
    } else if (const auto known = names.find(name); known != names.end()) {
      out += known->second;
    } else {
      const std::string kind(name.substr(0, digits));
      const std::string fresh = kind + std::to_string(counts[kind]++);
      out += names.emplace(name, fresh).first->second;
    }
    done = end;
  }
  out += text.substr(done);
  return {out.begin(), out.end()};
}

Bytes render_vector(FigureFormat format, double height, const Drawing& draw) {
  Bytes out;
  const double width_points = kPageWidth * kPointsPerPixel;
  const double height_points = height * kPointsPerPixel;
  const auto create = format == FigureFormat::svg ? cairo_svg_surface_create_for_stream
                                                  : cairo_pdf_surface_create_for_stream;
  const Surface surface(create(append, &out, width_points, height_points), cairo_surface_destroy);
  check(cairo_surface_status(surface.get()));
  if (format == FigureFormat::svg) {
    cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PT);
  } else {
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                   "2000-01-01T00:00:00Z");
  }
  draw_on(surface.get(), kPointsPerPixel, draw);
  cairo_surface_finish(surface.get());
  check(cairo_surface_status(surface.get()));
  return format == FigureFormat::svg ? renumbered(out) : out;
}

}  // namespace

FigureFormat parse_figure_format(std::string_view name) {
  std::string plain(name.substr(name.starts_with('.') ? 1 : 0));
  for (char& c : plain) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const FigureFormat format : {FigureFormat::png, FigureFormat::svg, FigureFormat::pdf}) {
    if (plain == extension_of(format)) return format;
  }
  fail("figure", "'{}' is no format for figures: take png, svg or pdf", drawable(plain));
}

std::string_view extension_of(FigureFormat format) {
  switch (format) {
    case FigureFormat::png:
      return "png";
    case FigureFormat::svg:
      return "svg";
    case FigureFormat::pdf:
      return "pdf";
  }
  assert(false);
  return "";
}

Bytes render_drawing(FigureFormat format, const Drawing& draw) {
  const double height = height_of(draw);
  return format == FigureFormat::png ? render_png(height, draw)
                                     : render_vector(format, height, draw);
}

Raster render_pixels(double dots_per_inch, const Drawing& draw) {
  require(dots_per_inch >= 1 && dots_per_inch <= kDotsPerInch, "figure", "dots_per_inch",
          dots_per_inch, "must be from 1 to 200");
  return drawn_page(height_of(draw), dots_per_inch / kDotsPerInch, draw).pixels;
}

void save_rendered(const std::filesystem::path& path, const Bytes& bytes) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  write_file(path, bytes);
}

}  // namespace hourglass
