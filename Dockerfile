# The same house as ./keng, in a container: locked packages, no root, data in one volume.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 keng && mkdir /data && chown keng /data
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY --chown=keng admin ./admin
COPY --chown=keng bot ./bot
COPY --chown=keng handlers ./handlers
COPY --chown=keng storage ./storage
COPY --chown=keng pyproject.toml README.md ./

USER keng
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 KENG_DATA=/data KENG_HOST=0.0.0.0
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
