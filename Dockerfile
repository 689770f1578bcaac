# One image for web, worker and migration; the command says which.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --create-home --shell /usr/sbin/nologin majlis
WORKDIR /app

COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt

COPY . .
# Translations, fonts and static files belong to the image; stored files and e-mails to volumes.
RUN SECRET_KEY=of-the-build DATABASE_URL=postgres://none/none REDIS_URL=redis://none \
    python manage.py prepare --files \
    && mkdir -p var/files var/mail \
    && chown -R majlis:majlis var

USER majlis
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["python", "-m", "portal.healthy"]
CMD ["python", "-m", "portal.serve", "--host", "0.0.0.0", "--port", "8000"]
