# The product as one image: web, worker, schedule and migrate are commands of it. The simulator and
# the servers of the local product are not in it (.dockerignore, requirements.lock).
# For a release .ci/release names the base with its digest.
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
COPY requirements.lock ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM ${PYTHON_IMAGE}
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=packages /venv /venv
COPY addon addon
COPY backend backend
COPY cards cards
COPY worker worker

USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["python", "-m", "backend.cli"]
CMD ["web", "--host", "0.0.0.0"]
