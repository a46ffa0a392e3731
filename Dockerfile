# procatlas in a container, for `procatlas serve`; README, "Share a run", says how. There is no window in it.
#     docker build -t procatlas .
FROM debian:12 AS build
COPY . /procatlas
WORKDIR /procatlas
RUN apt-get update -q && sh third_party/install run && apt-get install -q -y --no-install-recommends dpkg-dev file
RUN cmake --preset release && cmake --build --preset release && cd build/release && cpack -G DEB

FROM debian:12
COPY --from=build /procatlas/build/release/procatlas_*.deb /tmp/
# The compiler is for lessons that bring a program of their own.
RUN apt-get update -q && apt-get install -q -y --no-install-recommends /tmp/procatlas_*.deb fonts-nanum g++ python3 \
    && rm -rf /tmp/procatlas_*.deb /var/lib/apt/lists/* && useradd --create-home student
USER student
WORKDIR /home/student
ENV LANG=C.UTF-8
