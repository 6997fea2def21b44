"""Builds `articles.native`, the innermost loops of the reader, where there is a C compiler."""

import lxml
from Cython.Build import cythonize
from setuptools import Extension, setup

NATIVE = Extension("articles.native", ["articles/native.pyx"], include_dirs=lxml.get_include())

extensions = cythonize([NATIVE], build_dir="build", show_all_warnings=False)
for extension in extensions:
    extension.optional = True  # without a compiler the reader does the same in Python; cythonize forgets this
setup(ext_modules=extensions)
