# The worker in a container. Checked by tests/integration/test_deploy.py.
#   docker build -t ajil .      docker run --env-file .env -v ajil:/srv/ajil/.ajil ajil

# Two stages: what builds stays behind. Pinned to one release of Python on one release of Debian.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
# The locked packages first: this layer is built anew only when they change.
COPY requirements.txt ./
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY newsroom newsroom
COPY feeds feeds
COPY publishing publishing
COPY store store
COPY bot bot
COPY templates templates
RUN /venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm
# A user by number, so that a host can see that it is not root; the state folder is the only place it may write.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin ajil \
 && install -d -o 10001 -g 10001 -m 0700 /srv/ajil/.ajil
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8080
WORKDIR /srv/ajil
USER 10001:10001
VOLUME /srv/ajil/.ajil
EXPOSE 8080
# Any answer at all says that the loop turns: a worker whose store is away for a minute is not to be killed for it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import http.client, os; web = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=8); web.request('GET', '/'); web.getresponse()"]
# The program itself is process 1: SIGTERM reaches it, and it finishes what it is sending.
STOPSIGNAL SIGTERM
ENTRYPOINT ["ajil"]
CMD ["run"]
